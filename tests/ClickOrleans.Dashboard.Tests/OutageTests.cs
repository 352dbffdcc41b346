using System.Diagnostics;
using ClickOrleans.Dashboard.Tests.Browsing;
using ClickOrleans.Testing;
using ClickOrleans.Testing.Pipelines;
using ClickOrleans.Testing.Silos;
using Microsoft.Playwright;

namespace ClickOrleans.Dashboard.Tests;

/// <summary>Open pages show outages and recovery without a reload by the user.</summary>
public sealed class OutageTests(Chromium chromium, ITestOutputHelper output)
{
    /// <summary>An outage must be shown within so many milliseconds.</summary>
    private const float MaxDelay = 5_000;

    [Fact]
    public async Task A_database_outage_is_shown_within_five_seconds_and_cleared_after_recovery()
    {
        await using var servers = new PipelineServers();
        await using var pipeline = await servers.NewPipelineAsync();
        await using var silo = await pipeline.RunAsync("--rate", "500");
        await silo.WaitForStoredAsync(1_000);
        await using var session = await chromium.OpenSessionAsync($"http://127.0.0.1:{silo.Port}");
        await session.OpenAsync("/");
        await session.ExpectTextAsync("health", "Healthy", 40_000);

        await pipeline.Postgres.KillAsync();
        var killed = Stopwatch.GetTimestamp();
        await session.ExpectTextAsync("outage", "store: ", MaxDelay);
        output.WriteLine($"shown after {Stopwatch.GetElapsedTime(killed).TotalSeconds:0.0} s");
        await session.ExpectTextAsync("health", "Unhealthy");

        await pipeline.Postgres.StartAsync();
        await Assertions.Expect(session.Find("outage"))
            .ToHaveCountAsync(0, new LocatorAssertionsToHaveCountOptions { Timeout = 60_000 });
        await session.ExpectTextAsync("health", "Healthy", 60_000);
        await session.ExpectTextAsync("difference", "difference 0");
        Assert.Empty(session.Errors);
    }

    [Fact]
    public async Task A_page_reconnects_to_a_restarted_silo()
    {
        using var data = new TemporaryFolder();
        await using var silo = await SiloProcess.RunAsync(["--rate", "100", "--data", data.Path]);
        await using var session = await chromium.OpenSessionAsync($"http://127.0.0.1:{silo.Port}");
        await session.OpenAsync("/consumers");
        await session.ExpectTextAsync("partitions", "running");

        await silo.KillAsync();
        await session.Page.GetByText("Connection to the silo lost").WaitForAsync();

        await using var restarted = await SiloProcess.RunAsync(["--rate", "100", "--data", data.Path], port: silo.Port);
        await Assertions.Expect(session.Page.Locator("#connection-lost"))
            .ToBeHiddenAsync(new LocatorAssertionsToBeHiddenOptions { Timeout = 30_000 });
        await session.Page.WaitForSelectorAsync(".shell[data-live=yes]");
        await session.ExpectTextAsync("partitions", "running");
        await session.ExpectTextAsync("health", "Healthy");

        // The page is updated, not only rendered once.
        var before = await session.Find("partitions").InnerTextAsync();
        await Assertions.Expect(session.Find("partitions"))
            .Not.ToHaveTextAsync(before, new LocatorAssertionsToHaveTextOptions { UseInnerText = true });
    }

    [Fact]
    public async Task A_silo_with_an_open_page_shuts_down_without_delay()
    {
        using var data = new TemporaryFolder();
        await using var silo = await SiloProcess.RunAsync(["--rate", "100", "--data", data.Path]);
        await using var session = await chromium.OpenSessionAsync($"http://127.0.0.1:{silo.Port}");
        await session.OpenAsync("/");

        Assert.Equal(0, await silo.InterruptAsync(TimeSpan.FromSeconds(5)));

        Assert.DoesNotContain("fail:", silo.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("warn: Microsoft.AspNetCore", silo.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_circuit_is_resumed_after_an_interruption()
    {
        using var data = new TemporaryFolder();
        await using var silo = await SiloProcess.RunAsync(["--rate", "100", "--data", data.Path]);
        await using var session = await chromium.OpenSessionAsync($"http://127.0.0.1:{silo.Port}");
        await session.OpenAsync("/control");
        await silo.SignalAsync("STOP");
        await Poll.UntilAsync(() => IsStopped(silo));
        await session.FillAsync("producers-rate", "123");
        await silo.SignalAsync("CONT");

        await session.Find("apply-producers").ClickAsync();
        await session.ExpectTextAsync("outcome-producers", "Applied");
        Assert.Equal("123", await session.Find("producers-rate").InputValueAsync());
    }

    /// <summary>State T in <c>/proc/PID/stat</c> (proc(5)).</summary>
    private static bool IsStopped(SiloProcess silo)
    {
        var stat = File.ReadAllText($"/proc/{silo.Id}/stat");
        return stat[stat.LastIndexOf(')') + 2] == 'T';
    }
}
