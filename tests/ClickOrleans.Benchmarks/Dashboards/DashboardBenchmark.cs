using System.Diagnostics;
using ClickOrleans.Benchmarks.Storing;
using ClickOrleans.Testing.Pipelines;
using ClickOrleans.Testing.Silos;
using Microsoft.Playwright;

namespace ClickOrleans.Benchmarks.Dashboards;

/// <summary>
/// What browsers that look at the dashboard cost the embedded pipeline: the processor time that the silo uses for them, as a share of what it
/// uses when it goes as fast as it can. The clicks come at a fixed rate meanwhile, so that all else is equal; the browsers run on the same
/// machine and slow down whatever shares its caches, so in each round the same number of them looks at another silo first, then at the
/// measured one. Options: <c>--rounds</c>, <c>--seconds</c>, <c>--browsers</c>, <c>--rate</c>. Needs chromium.
/// </summary>
internal static class DashboardBenchmark
{
    private const string Program = "/usr/bin/chromium";
    private const double MostCost = 5;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] args)
    {
        var rounds = StoreBench.Option(args, "rounds", 5);
        var seconds = StoreBench.Option(args, "seconds", 20);
        var browsers = StoreBench.Option(args, "browsers", 20);
        var rate = StoreBench.Option(args, "rate", 10_000);
        using var data = new TemporaryFolder();
        using var otherData = new TemporaryFolder();
        await using var silo = await SiloProcess.RunAsync(["--rate", $"{rate}", "--producers", "2", "--data", data.Path]);
        await using var other = await SiloProcess.RunAsync(["--rate", "1000", "--data", otherData.Path]);
        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = await MakeNiceAsync(data), Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
        await LookAsync(chromium, silo, browsers, () => Task.Delay(Warming));

        var extra = new List<double>();
        for (var round = 1; round <= rounds; round++)
        {
            var (elsewhere, here) = (0.0, 0.0);
            await LookAsync(chromium, other, browsers, async () => elsewhere = await MeasureAsync(silo, seconds));
            await LookAsync(chromium, silo, browsers, async () => here = await MeasureAsync(silo, seconds));
            extra.Add(here - elsewhere);
            Console.WriteLine($"round {round}: {browsers} browsers elsewhere {elsewhere:N0}, here {here:N0} ms of processor time a second");
        }

        await other.InterruptAsync(Timeout);
        await silo.PutAsync("/api/producers", new { ratePerSecond = 0 });
        await Task.Delay(Settling);
        var full = await MeasureAsync(silo, seconds);
        Console.WriteLine($"as fast as it goes: {full:N0} ms of processor time a second");
        var costs = extra.ConvertAll(milliseconds => 100 * milliseconds / full);
        var cost = StoreBench.Median(costs);
        Console.WriteLine($"cost of {browsers} browsers: {cost:0.0} % ({costs.Min():0.0} to {costs.Max():0.0})");
        await silo.InterruptAsync(Timeout);
        return cost < MostCost ? 0 : 1;
    }

    /// <summary>Does <paramref name="meanwhile"/> while the browsers look at a silo, and makes sure that they all see it live.</summary>
    private static async Task LookAsync(IBrowser chromium, SiloProcess silo, int browsers, Func<Task> meanwhile)
    {
        var frames = 0;
        var contexts = await Task.WhenAll(Enumerable.Range(0, browsers).Select(_ => OpenAsync(chromium, silo.Port, () => Interlocked.Increment(ref frames))));
        await Task.Delay(Settling);
        var (begun, before) = (Stopwatch.GetTimestamp(), Volatile.Read(ref frames));
        await meanwhile();
        var each = (Volatile.Read(ref frames) - before) / Stopwatch.GetElapsedTime(begun).TotalSeconds / browsers;
        if (each < 0.5)
        {
            throw new InvalidOperationException($"{browsers} browsers got {each:0.0} messages a second each: not all of them looked.");
        }

        await Task.WhenAll(contexts.Select(context => context.CloseAsync()));
        await Task.Delay(Settling);
    }

    /// <returns>Milliseconds of processor time for each second.</returns>
    private static async Task<double> MeasureAsync(SiloProcess silo, int seconds)
    {
        using var process = Process.GetProcessById(silo.Id);
        var (begun, cpu) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        process.Refresh();
        return (process.TotalProcessorTime - cpu).TotalMilliseconds / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static async Task<IBrowserContext> OpenAsync(IBrowser chromium, int port, Action received)
    {
        var context = await chromium.NewContextAsync();
        context.SetDefaultTimeout(120_000);
        var page = await context.NewPageAsync();
        page.WebSocket += (_, socket) => socket.FrameReceived += (_, _) => received();
        await page.GotoAsync($"http://127.0.0.1:{port}/");
        await page.WaitForSelectorAsync(".shell[data-live=yes]");
        return context;
    }

    /// <summary>Browsers that take what the silo leaves of the processor.</summary>
    private static async Task<string> MakeNiceAsync(TemporaryFolder folder)
    {
        var script = folder.File("chromium");
        await File.WriteAllTextAsync(script, $"#!/bin/sh\nexec nice -n 19 {Program} \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return script;
    }
}
