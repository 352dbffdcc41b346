using System.Diagnostics;
using ClickOrleans.Benchmarks.Storing;
using ClickOrleans.Testing.Silos;
using Microsoft.Playwright;

namespace ClickOrleans.Benchmarks.Dashboards;

/// <summary>
/// What browsers that look at the dashboard cost the embedded pipeline: rounds without and with them in turn, each measured as clicks stored
/// for a second of the silo's processor time, so that what the browsers themselves use does not count. Options: <c>--rounds</c>,
/// <c>--seconds</c>, <c>--browsers</c>, <c>--rate</c> (0 = as fast as it goes). Needs chromium.
/// </summary>
internal static class DashboardBenchmark
{
    private const string Program = "/usr/bin/chromium";
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(string[] args)
    {
        var rounds = StoreBench.Option(args, "rounds", 5);
        var seconds = StoreBench.Option(args, "seconds", 10);
        var browsers = StoreBench.Option(args, "browsers", 20);
        var rate = StoreBench.Option(args, "rate", 0);
        using var data = new TemporaryFolder();
        await using var silo = await SiloProcess.RunAsync(["--rate", $"{rate}", "--producers", "2", "--data", data.Path]);
        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = await MakeNiceAsync(data), Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
        await Task.Delay(Settling);

        var alone = new List<double>();
        var watched = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            alone.Add(await MeasureAsync(silo, seconds));
            var frames = 0;
            var contexts = await Task.WhenAll(Enumerable.Range(0, browsers).Select(_ => OpenAsync(chromium, silo.Port, () => Interlocked.Increment(ref frames))));
            await Task.Delay(Settling);
            Interlocked.Exchange(ref frames, 0);
            watched.Add(await MeasureAsync(silo, seconds));
            var updates = Volatile.Read(ref frames) / (double)seconds / browsers;
            await Task.WhenAll(contexts.Select(context => context.CloseAsync()));
            await Task.Delay(Settling);
            Console.WriteLine($"round {round + 1}: alone {alone[^1]:N0}, with {browsers} browsers {watched[^1]:N0} clicks per CPU second; each browser got {updates:N1} messages/s");
        }

        Console.WriteLine($"alone: {StoreBench.Spread(alone)}; watched: {StoreBench.Spread(watched)} clicks per CPU second");
        Console.WriteLine($"cost: {StoreBench.Spread(alone.Zip(watched, (without, with) => 100 * (1 - (with / without))))} %");
        return await silo.InterruptAsync(TimeSpan.FromSeconds(10));
    }

    private static async Task<double> MeasureAsync(SiloProcess silo, int seconds)
    {
        using var process = Process.GetProcessById(silo.Id);
        var (stored, cpu) = (await StoredAsync(silo), process.TotalProcessorTime);
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        process.Refresh();
        return (await StoredAsync(silo) - stored) / (process.TotalProcessorTime - cpu).TotalSeconds;
    }

    private static async Task<long> StoredAsync(SiloProcess silo) =>
        (await silo.StatusAsync()).GetProperty("totals").GetProperty("stored").GetInt64();

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
