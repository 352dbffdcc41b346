using ClickOrleans.Testing.Pipelines;

namespace ClickOrleans.EndToEnd.Tests;

public sealed class HostileTests(SharedServers servers, ITestOutputHelper output)
{
    [Fact]
    public async Task Hostile_messages_become_the_click_or_dead_letter_of_the_oracle_and_block_no_partition()
    {
        await using var pipeline = await servers.NewPipelineAsync();

        await HostileDrill.RunAsync(pipeline, 100_000, seed: 5, output.WriteLine);
    }
}
