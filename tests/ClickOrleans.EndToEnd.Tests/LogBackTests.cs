using ClickOrleans.Testing.Pipelines;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.EndToEnd.Tests;

/// <summary>
/// The log goes back behind what was stored. The drills <c>restored</c>, <c>copied</c>, <c>unclean</c> and <c>replaced</c> of the
/// benchmarks are the same, and longer. That on three brokers takes minutes: see <see cref="BrokerTests"/>.
/// </summary>
public sealed class LogBackTests(ITestOutputHelper output)
{
    /// <summary>While the silo runs; that it was down is what the embedded log's test has.</summary>
    [Fact]
    public async Task A_broker_whose_data_folder_is_set_back_loses_nothing_silently()
    {
        await using var servers = new PipelineServers();
        await using var pipeline = await servers.NewPipelineAsync(partitions: 2);

        await LogBackDrill.RunRestoredBrokerAsync(pipeline, siloUp: true, output.WriteLine);
    }

    [Fact]
    public async Task An_embedded_log_that_is_copied_back_loses_nothing_silently()
    {
        using var folder = new TemporaryFolder();

        await LogBackDrill.RunRestoredFileAsync(folder.Path, output.WriteLine);
    }

    [Fact]
    public async Task An_unclean_election_loses_nothing_silently()
    {
        BrokerTests.SkipUnlessEnabled();
        await using var servers = new ClusterServers();
        await using var pipeline = await servers.NewPipelineAsync(partitions: 2, ClusterServers.Brokers);

        await LogBackDrill.RunUncleanElectionAsync(pipeline, output.WriteLine);
    }
}
