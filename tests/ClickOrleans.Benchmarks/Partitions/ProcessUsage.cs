using System.Globalization;

namespace ClickOrleans.Benchmarks.Partitions;

/// <summary>What a process uses, read from <c>/proc</c>: from outside, so that measuring costs it nothing.</summary>
/// <param name="Processor">User and system time since its start.</param>
internal readonly record struct ProcessUsage(int Threads, double Megabytes, TimeSpan Processor)
{
    private const double TicksPerSecond = 100; // sysconf(_SC_CLK_TCK) on every Linux that .NET runs on

    public static ProcessUsage Of(int process)
    {
        var status = File.ReadAllLines($"/proc/{process}/status");
        var stat = File.ReadAllText($"/proc/{process}/stat");

        // Fields after the process name: state, parent, ...; the 12th and 13th are user and system time (proc(5)).
        var ticks = stat[(stat.LastIndexOf(')') + 2)..].Split(' ').Skip(11).Take(2).Sum(Number);
        return new((int)Value("Threads:"), Value("VmRSS:") / 1024, TimeSpan.FromSeconds(ticks / TicksPerSecond));

        double Value(string name) => Number(status.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..]
            .Replace("kB", "", StringComparison.Ordinal));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
