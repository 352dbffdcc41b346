using ClickOrleans.Testing.Silos;
using Xunit;

namespace ClickOrleans.Testing.Pipelines;

/// <summary>The silo is killed at random moments under load and started again: nothing is lost, nothing doubled.</summary>
public static class KillDrill
{
    public static async Task RunAsync(ServerPipeline pipeline, int kills, int seed, Action<string> tell)
    {
        var random = new Random(seed);
        tell($"seed {seed}");
        for (var kill = 0; kill < kills; kill++)
        {
            await using var silo = pipeline.Start("--rate", "5000", "--producers", "2");

            // Every third dies while it starts, the others under load.
            if (kill % 3 > 0)
            {
                await silo.WaitUntilReadyAsync();
            }

            await Task.Delay(random.Next(0, 1500));
            Assert.False(silo.HasExited, silo.Output);
            await silo.KillAsync();
            if (kill % 20 == 19)
            {
                tell($"{kill + 1} kills, {await pipeline.Database.CountClicksAsync():N0} clicks stored");
            }
        }

        await using var last = await pipeline.RunAsync("--producers", "0");
        await last.WaitForStatusAsync(status => status.IsCaughtUp() && status.Total("stored") > 0, PipelineTestExtensions.Timeout);
        tell((await pipeline.FinishAsync(last, sample: 0)).Trim());
        Assert.Equal((await pipeline.Topic.GetEndsAsync()).Sum(), await pipeline.Database.CountClicksAsync());
    }
}
