using ClickOrleans.Testing.Pipelines;

namespace ClickOrleans.EndToEnd.Tests;

/// <summary>The short form of the drill <c>store-back</c>.</summary>
public sealed class StoreBackTests(SharedServers servers, ITestOutputHelper output)
{
    [Fact]
    public async Task A_restored_database_reads_the_log_again_and_wins_over_the_documents_of_the_time_that_is_gone()
    {
        await using var pipeline = await servers.NewPipelineAsync();

        await StoreBackDrill.RunAsync(pipeline, 5_000, output.WriteLine);
    }
}
