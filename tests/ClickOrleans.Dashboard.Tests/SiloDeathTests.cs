using System.Diagnostics;
using ClickOrleans.Dashboard.Tests.Browsing;
using ClickOrleans.Testing.Servers;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Dashboard.Tests;

/// <summary>Two silos on real servers, one of which dies.</summary>
public sealed class SiloDeathTests(Chromium chromium, ITestOutputHelper output)
{
    private const string Key = "shared by both";

    [Fact]
    public async Task A_killed_silo_shows_as_dead_and_a_session_begun_on_it_holds_on_the_other()
    {
        var servers = await Task.WhenAll(TestServer.KafkaAsync(), TestServer.PostgresAsync("fsync=off"), TestServer.ElasticsearchAsync());
        await using var kafka = servers[0];
        await using var postgres = servers[1];
        await using var elasticsearch = servers[2];
        await using var stays = await JoinAsync("stays");
        await using var dies = await JoinAsync("dies");
        await using var visitor = await chromium.VisitAsync($"http://127.0.0.1:{stays.Port}");

        // Signed in on the one, known to the other: cookies know no ports.
        await visitor.Page.GotoAsync($"http://127.0.0.1:{dies.Port}/silos");
        await visitor.FillAsync("key", Key);
        await visitor.Find("sign-in").ClickAsync();
        await visitor.SeeAsync("silos", "dies");
        await visitor.OpenAsync("/silos");
        await ExpectAsync(visitor, "dies", "active");
        await ExpectAsync(visitor, "stays", "active");
        Assert.Empty(visitor.Complaints);

        await dies.KillAsync();
        var killed = Stopwatch.GetTimestamp();
        await ExpectAsync(visitor, "dies", "dead");
        output.WriteLine($"shown as dead after {Stopwatch.GetElapsedTime(killed).TotalSeconds:0.0} s");
        await ExpectAsync(visitor, "stays", "active");

        await visitor.OpenAsync("/consumers");
        await visitor.SeeAsync("partitions", "running", 40_000);
        await Microsoft.Playwright.Assertions.Expect(visitor.Find("partitions")).Not.ToContainTextAsync("dies", new() { Timeout = 40_000 });

        Task<SiloProcess> JoinAsync(string name) => SiloProcess.RunAsync(
            ["--rate", "200"],
            new Dictionary<string, string>
            {
                ["ConnectionStrings__kafka"] = kafka.Address,
                ["ConnectionStrings__clickstream"] = postgres.Address,
                ["ConnectionStrings__elasticsearch"] = elasticsearch.Address,
                ["ClickOrleans__ApiKey"] = Key,
                ["Orleans__Name"] = name,
                ["Orleans__ClusterId"] = "dashboard",
                ["Orleans__Clustering__ProviderType"] = "AdoNet",
                ["Orleans__Endpoints__AdvertisedIPAddress"] = "127.0.0.1",
                ["Orleans__Endpoints__SiloPort"] = $"{SiloProcess.FreePort()}",
            });
    }

    private static Task ExpectAsync(Visitor visitor, string silo, string status) => Microsoft.Playwright.Assertions
        .Expect(visitor.Find("silos").Locator("tr", new() { HasText = silo }))
        .ToContainTextAsync(status, new() { Timeout = 30_000 });
}
