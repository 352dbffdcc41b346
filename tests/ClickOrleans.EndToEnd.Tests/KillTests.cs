using ClickOrleans.Testing.Pipelines;

namespace ClickOrleans.EndToEnd.Tests;

public sealed class KillTests(SharedServers servers, ITestOutputHelper output)
{
    [Fact]
    public async Task Twenty_kills_of_the_silo_at_random_moments_lose_and_double_nothing()
    {
        await using var pipeline = await servers.NewPipelineAsync();

        await KillDrill.RunAsync(pipeline, 20, Environment.TickCount, output.WriteLine);
    }
}
