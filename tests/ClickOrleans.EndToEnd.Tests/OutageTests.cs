using ClickOrleans.Testing.Pipelines;

namespace ClickOrleans.EndToEnd.Tests;

/// <summary>
/// Kafka or PostgreSQL is unavailable under load: no dead letter, no restart of the silo, caught up afterwards. Duration in
/// seconds: environment variable <c>CLICKORLEANS_OUTAGE_SECONDS</c>, default 5.
/// </summary>
public sealed class OutageTests(OutageTests.Servers servers, ITestOutputHelper output) : IClassFixture<OutageTests.Servers>
{
    public static TheoryData<string> Outages => [.. Outage.All.Select(outage => outage.Name)];

    private static TimeSpan Duration => TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("CLICKORLEANS_OUTAGE_SECONDS"), out var seconds) ? seconds : 5);

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task An_outage_only_delays_the_pipeline(string outage)
    {
        await using var pipeline = (await servers.NewPipelineAsync()).With("ClickOrleans:Consuming:MaxBackoff", "00:00:02");

        await OutageDrill.RunAsync(pipeline, Outage.Named(outage), Duration, output.WriteLine);
    }

    /// <summary>Not shared, because the tests kill them.</summary>
    public sealed class Servers : PipelineServers;
}
