using ClickOrleans.Testing.Pipelines;

namespace ClickOrleans.EndToEnd.Tests;

/// <summary>
/// Kafka or PostgreSQL is out under load: no dead letter, no restart of the silo, caught up afterwards. How long, in seconds, the
/// environment variable <c>CLICKORLEANS_OUTAGE_SECONDS</c> says; 5 unless set.
/// </summary>
public sealed class OutageTests(OutageTests.Servers servers, ITestOutputHelper output) : IClassFixture<OutageTests.Servers>
{
    public static TheoryData<string> Outages => [.. Outage.All.Select(outage => outage.Name)];

    private static TimeSpan Duration =>
        TimeSpan.FromSeconds(int.TryParse(Environment.GetEnvironmentVariable("CLICKORLEANS_OUTAGE_SECONDS"), out var seconds) ? seconds : 5);

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task An_outage_costs_nothing_but_time(string outage)
    {
        await using var pipeline = (await servers.NewPipelineAsync()).With("ClickOrleans:Consuming:MaxBackoff", "00:00:02");

        await OutageDrill.RunAsync(pipeline, Outage.Named(outage), Duration, output.WriteLine);
    }

    /// <summary>Of their own: they are killed.</summary>
    public sealed class Servers : PipelineServers;
}
