using System.Diagnostics;
using ClickOrleans.Dashboard.Tests.Browsing;
using ClickOrleans.Testing.Servers;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Dashboard.Tests;

/// <summary>Two silos on real servers, one of which is killed.</summary>
public sealed class SiloFailureTests(Chromium chromium, ITestOutputHelper output)
{
    private const string Key = "shared by both";

    [Fact]
    public async Task A_killed_silo_is_shown_as_dead_and_a_session_started_on_it_is_valid_on_the_other()
    {
        var servers = await Task.WhenAll(
            TestServer.KafkaAsync(), TestServer.PostgresAsync("fsync=off"), TestServer.ElasticsearchAsync());
        await using var kafka = servers[0];
        await using var postgres = servers[1];
        await using var elasticsearch = servers[2];
        await using var survivor = await JoinAsync("survivor");
        await using var victim = await JoinAsync("victim");
        await using var session = await chromium.OpenSessionAsync($"http://127.0.0.1:{survivor.Port}");

        // Cookies are not bound to a port, so both silos receive the session.
        await session.Page.GotoAsync($"http://127.0.0.1:{victim.Port}/silos");
        await session.FillAsync("key", Key);
        await session.Find("sign-in").ClickAsync();
        await session.ExpectTextAsync("silos", "victim");
        await session.OpenAsync("/silos");
        await ExpectAsync(session, "victim", "active");
        await ExpectAsync(session, "survivor", "active");
        Assert.Empty(session.Errors);

        await victim.KillAsync();
        var killed = Stopwatch.GetTimestamp();
        await ExpectAsync(session, "victim", "dead");
        output.WriteLine($"shown as dead after {Stopwatch.GetElapsedTime(killed).TotalSeconds:0.0} s");
        await ExpectAsync(session, "survivor", "active");

        await session.OpenAsync("/consumers");
        await session.ExpectTextAsync("partitions", "running", 40_000);
        await Microsoft.Playwright.Assertions.Expect(session.Find("partitions"))
            .Not.ToContainTextAsync("victim", new() { Timeout = 40_000 });

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

    private static Task ExpectAsync(BrowserSession session, string silo, string status) => Microsoft.Playwright.Assertions
        .Expect(session.Find("silos").Locator("tr", new() { HasText = silo }))
        .ToContainTextAsync(status, new() { Timeout = 30_000 });
}
