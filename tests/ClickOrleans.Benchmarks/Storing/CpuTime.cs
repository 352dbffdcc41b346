using System.Diagnostics;
using System.Globalization;

namespace ClickOrleans.Benchmarks.Storing;

/// <summary>
/// CPU time of this process and, on Linux, of a server's processes, which is less affected by other load on the machine than
/// elapsed time.
/// </summary>
internal sealed class CpuTime
{
    private const double TicksPerSecond = 100; // sysconf(_SC_CLK_TCK) on every Linux that .NET runs on

    private readonly int? _server;
    private readonly double _clientBefore;
    private readonly double _serverBefore;

    /// <param name="serverFolder">Folder of a test server with its process id in the file <c>pid</c>; null: no server.</param>
    public CpuTime(string? serverFolder = null)
    {
        _server = serverFolder is null
            ? null
            : int.Parse(File.ReadAllText(Path.Combine(serverFolder, "pid")), CultureInfo.InvariantCulture);
        _clientBefore = Client();
        _serverBefore = Server();
    }

    public string PerSecond(long rows) => _server is null
        ? $"{rows / (Client() - _clientBefore):N0} per CPU second"
        : $"{rows / (Client() - _clientBefore):N0} per CPU second here, {rows / (Server() - _serverBefore):N0} in the server";

    /// <summary>Microseconds of this process and of the server for each row so far.</summary>
    public (double Here, double Server) MicrosecondsPerRow(long rows) =>
        ((Client() - _clientBefore) * 1e6 / rows, (Server() - _serverBefore) * 1e6 / rows);

    private static double Client()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }

    private double Server() => _server is null || !OperatingSystem.IsLinux()
        ? 0
        : (Ticks($"/proc/{_server}", 4) + Directory.EnumerateDirectories("/proc")
            .Where(folder => Stat(folder)?[1] == $"{_server}").Sum(folder => Ticks(folder, 2))) / TicksPerSecond;

    /// <param name="fields">2: user and system time; 4: those of children that have ended, too.</param>
    private static double Ticks(string folder, int fields) =>
        Stat(folder)?.Skip(11).Take(fields).Sum(ticks => double.Parse(ticks, CultureInfo.InvariantCulture)) ?? 0;

    /// <summary>
    /// Fields after the process name: state, parent, ...; the 12th and 13th are user and system time (proc(5)).
    /// </summary>
    private static string[]? Stat(string folder)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(folder, "stat"));
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }
}
