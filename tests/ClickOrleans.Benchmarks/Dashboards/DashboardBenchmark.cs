using System.Diagnostics;
using ClickOrleans.Benchmarks.Storing;
using ClickOrleans.Testing.Pipelines;
using ClickOrleans.Testing.Silos;
using Microsoft.Playwright;

namespace ClickOrleans.Benchmarks.Dashboards;

/// <summary>
/// Cost of open dashboards for the embedded pipeline: the CPU time that a silo spends on them, relative to its CPU time at full
/// speed. The click rate is fixed during the measurement. The browsers run on the same machine and compete for its caches, so in
/// each round the same number of browsers first shows another silo, then the measured one. Options: <c>--rounds</c>,
/// <c>--seconds</c>, <c>--browsers</c>, <c>--rate</c>. Requires chromium.
/// </summary>
internal static class DashboardBenchmark
{
    private const string Program = "/usr/bin/chromium";
    private const double MaxPercent = 5;
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(30);
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
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = await CreateNiceScriptAsync(data),
                Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
            });
        await WithBrowsersAsync(chromium, silo, browsers, () => Task.Delay(WarmUp));

        var extra = new List<double>();
        for (var round = 1; round <= rounds; round++)
        {
            var (elsewhere, here) = (0.0, 0.0);
            await WithBrowsersAsync(chromium, other, browsers, async () => elsewhere = await MeasureAsync(silo, seconds));
            await WithBrowsersAsync(chromium, silo, browsers, async () => here = await MeasureAsync(silo, seconds));
            extra.Add(here - elsewhere);
            Console.WriteLine(
                $"round {round}: {browsers} browsers on the other silo {elsewhere:N0}, on this silo {here:N0} CPU ms per second");
        }

        await other.InterruptAsync(Timeout);
        await silo.PutAsync("/api/producers", new { ratePerSecond = 0 });
        await Task.Delay(SettleTime);
        var full = await MeasureAsync(silo, seconds);
        Console.WriteLine($"full speed: {full:N0} CPU ms per second");
        var costs = extra.ConvertAll(milliseconds => 100 * milliseconds / full);
        var cost = StoreBench.Median(costs);
        Console.WriteLine($"cost of {browsers} browsers: {cost:0.0} % ({costs.Min():0.0} to {costs.Max():0.0})");
        await silo.InterruptAsync(Timeout);
        return cost < MaxPercent ? 0 : 1;
    }

    /// <summary>
    /// Runs <paramref name="action"/> while browsers show the dashboard of a silo and checks that they receive updates.
    /// </summary>
    private static async Task WithBrowsersAsync(IBrowser chromium, SiloProcess silo, int browsers, Func<Task> action)
    {
        var frames = 0;
        var contexts = await Task.WhenAll(
            Enumerable.Range(0, browsers).Select(_ => OpenAsync(chromium, silo.Port, () => Interlocked.Increment(ref frames))));
        await Task.Delay(SettleTime);
        var (begun, before) = (Stopwatch.GetTimestamp(), Volatile.Read(ref frames));
        await action();
        var each = (Volatile.Read(ref frames) - before) / Stopwatch.GetElapsedTime(begun).TotalSeconds / browsers;
        if (each < 0.5)
        {
            throw new InvalidOperationException(
                $"{browsers} browsers received {each:0.0} messages per second each: not all of them are connected.");
        }

        await Task.WhenAll(contexts.Select(context => context.CloseAsync()));
        await Task.Delay(SettleTime);
    }

    /// <returns>CPU milliseconds per second.</returns>
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

    /// <summary>Starts the browsers at low priority, so that they only use the CPU time that the silo leaves.</summary>
    private static async Task<string> CreateNiceScriptAsync(TemporaryFolder folder)
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
