using ClickOrleans.Testing.Pipelines;

namespace ClickOrleans.EndToEnd.Tests;

public sealed class KillTests(SharedServers servers, ITestOutputHelper output)
{
    [Fact]
    public async Task Twenty_kills_at_random_times_lose_and_duplicate_nothing()
    {
        await using var pipeline = await servers.NewPipelineAsync();

        await KillDrill.RunAsync(pipeline, 20, Environment.TickCount, output.WriteLine);
    }
}
