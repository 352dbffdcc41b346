using ClickOrleans.Testing.Pipelines;

namespace ClickOrleans.EndToEnd.Tests;

public sealed class HostileTests(SharedServers servers, ITestOutputHelper output)
{
    [Fact]
    public async Task A_hundred_thousand_hostile_messages_become_what_the_oracle_says_and_none_blocks_its_partition()
    {
        await using var pipeline = await servers.NewPipelineAsync();

        await HostileDrill.RunAsync(pipeline, 100_000, seed: 5, output.WriteLine);
    }
}
