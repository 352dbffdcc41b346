using System.Diagnostics;
using ClickOrleans.Dashboard.Tests.Browsing;
using ClickOrleans.Testing.Pipelines;
using ClickOrleans.Testing.Silos;
using Microsoft.Playwright;

namespace ClickOrleans.Dashboard.Tests;

/// <summary>What goes wrong is seen, and what is well again too, without anybody loading a page again.</summary>
public sealed class OutageTests(Chromium chromium, ITestOutputHelper output)
{
    /// <summary>Within so many milliseconds an outage shows.</summary>
    private const float Soon = 5_000;

    [Fact]
    public async Task An_outage_of_the_database_shows_within_five_seconds_and_clears_by_itself()
    {
        await using var servers = new PipelineServers();
        await using var pipeline = await servers.NewPipelineAsync();
        await using var silo = await pipeline.RunAsync("--rate", "500");
        await silo.WaitForStatusAsync(status => status.GetProperty("totals").GetProperty("stored").GetInt64() > 1_000, TimeSpan.FromSeconds(30));
        await using var visitor = await chromium.VisitAsync($"http://127.0.0.1:{silo.Port}");
        await visitor.OpenAsync("/");
        await visitor.SeeAsync("health", "Healthy", 40_000);

        await pipeline.Postgres.KillAsync();
        var killed = Stopwatch.GetTimestamp();
        await visitor.SeeAsync("outage", "store: ", Soon);
        output.WriteLine($"shown after {Stopwatch.GetElapsedTime(killed).TotalSeconds:0.0} s");
        await visitor.SeeAsync("health", "Not healthy");

        await pipeline.Postgres.StartAsync();
        await Assertions.Expect(visitor.Find("outage")).ToHaveCountAsync(0, new LocatorAssertionsToHaveCountOptions { Timeout = 60_000 });
        await visitor.SeeAsync("health", "Healthy", 60_000);
        await visitor.SeeAsync("difference", "difference 0");
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task A_page_comes_back_by_itself_when_its_silo_was_started_anew()
    {
        using var data = new TemporaryFolder();
        await using var silo = await SiloProcess.RunAsync(["--rate", "100", "--data", data.Path]);
        await using var visitor = await chromium.VisitAsync($"http://127.0.0.1:{silo.Port}");
        await visitor.OpenAsync("/consumers");
        await visitor.SeeAsync("partitions", "running");

        await silo.KillAsync();
        await visitor.Page.GetByText("The connection to the silo is lost").WaitForAsync();

        await using var again = await SiloProcess.RunAsync(["--rate", "100", "--data", data.Path], port: silo.Port);
        await Assertions.Expect(visitor.Page.Locator("#lost")).ToBeHiddenAsync(new LocatorAssertionsToBeHiddenOptions { Timeout = 30_000 });
        await visitor.Page.WaitForSelectorAsync(".shell[data-live=yes]");
        await visitor.SeeAsync("partitions", "running");
        await visitor.SeeAsync("health", "Healthy");

        // And it is alive, not only drawn.
        var before = await visitor.Find("partitions").InnerTextAsync();
        await Assertions.Expect(visitor.Find("partitions")).Not.ToHaveTextAsync(before, new LocatorAssertionsToHaveTextOptions { UseInnerText = true });
    }

    [Fact]
    public async Task A_silo_whose_page_is_open_ends_as_soon_as_any_other()
    {
        using var data = new TemporaryFolder();
        await using var silo = await SiloProcess.RunAsync(["--rate", "100", "--data", data.Path]);
        await using var visitor = await chromium.VisitAsync($"http://127.0.0.1:{silo.Port}");
        await visitor.OpenAsync("/");

        Assert.Equal(0, await silo.InterruptAsync(TimeSpan.FromSeconds(5)));

        Assert.DoesNotContain("fail:", silo.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("warn: Microsoft.AspNetCore", silo.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_was_only_interrupted_goes_on_where_it_was()
    {
        using var data = new TemporaryFolder();
        await using var silo = await SiloProcess.RunAsync(["--rate", "100", "--data", data.Path]);
        await using var visitor = await chromium.VisitAsync($"http://127.0.0.1:{silo.Port}");
        await visitor.OpenAsync("/control");
        await visitor.FillAsync("producers-rate", "123");

        await silo.SignalAsync("STOP");
        await Task.Delay(TimeSpan.FromSeconds(2));
        await silo.SignalAsync("CONT");

        await visitor.Find("apply-producers").ClickAsync();
        await visitor.SeeAsync("outcome-producers", "Applied");
        Assert.Equal("123", await visitor.Find("producers-rate").InputValueAsync());
    }
}
