using ClickOrleans.Testing.Pipelines;

namespace ClickOrleans.EndToEnd.Tests;

/// <summary>
/// Brokers are restarted and killed under load. The long forms are the drills <c>restarts</c>, <c>rolling</c>, <c>away</c> and
/// <c>leaders</c> of the benchmarks. Those on three brokers take minutes each: they run where <c>CLICKORLEANS_BROKERS</c> is set.
/// </summary>
public sealed class BrokerTests(ITestOutputHelper output, BrokerTests.Cluster cluster) : IClassFixture<BrokerTests.Cluster>
{
    private const string Variable = "CLICKORLEANS_BROKERS";

    [Fact]
    public async Task An_orderly_restart_of_Kafka_costs_nothing_but_time()
    {
        await using var servers = new PipelineServers();
        await using var pipeline = await servers.NewPipelineAsync();

        await RestartDrill.RunAsync(pipeline, 2, output.WriteLine);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_rolling_restart_of_the_brokers_costs_nothing_but_time(int replicas)
    {
        SkipUnlessEnabled();
        await using var pipeline = await cluster.Servers.NewPipelineAsync(partitions: 6, replicas);

        await RestartDrill.RunRollingAsync(pipeline, 3, output.WriteLine);
    }

    [Fact]
    public async Task Every_partition_moves_on_without_one_of_three_brokers()
    {
        SkipUnlessEnabled();
        await using var pipeline = await cluster.Servers.NewPipelineAsync(partitions: 6, replicas: 3);

        await BrokerDrill.RunAwayAsync(pipeline, broker: 1, TimeSpan.FromSeconds(5), output.WriteLine);
    }

    [Fact]
    public async Task Every_partition_moves_on_when_leaders_are_killed()
    {
        SkipUnlessEnabled();
        await using var pipeline = await cluster.Servers.NewPipelineAsync(partitions: 6, replicas: 3);

        await BrokerDrill.RunLeaderKillsAsync(pipeline, 2, output.WriteLine);
    }

    internal static void SkipUnlessEnabled() => Assert.SkipWhen(
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)), $"Takes minutes: set {Variable}=1.");

    /// <summary>Separate servers, because brokers are killed.</summary>
    public sealed class Cluster : IAsyncDisposable
    {
        public ClusterServers Servers { get; } = new();

        public ValueTask DisposeAsync() => Servers.DisposeAsync();
    }
}
