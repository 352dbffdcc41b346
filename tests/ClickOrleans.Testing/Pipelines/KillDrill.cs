using ClickOrleans.Testing.Silos;
using Xunit;

namespace ClickOrleans.Testing.Pipelines;

/// <summary>Kills and restarts the silo at random points under load and verifies that no click is lost or duplicated.</summary>
public static class KillDrill
{
    public static async Task RunAsync(ServerPipeline pipeline, int kills, int seed, Action<string> log)
    {
        var random = new Random(seed);
        log($"seed {seed}");
        for (var kill = 0; kill < kills; kill++)
        {
            await using var silo = pipeline.Start("--rate", "5000", "--producers", "2");

            // One in three is killed during startup, the others under load.
            if (kill % 3 > 0)
            {
                await silo.WaitUntilReadyAsync();
            }

            // The random point in time is the input of the drill, not a wait for something.
            await Task.Delay(random.Next(0, 1500));
            Assert.False(silo.HasExited, silo.Output);
            await silo.KillAsync();
            if (kill % 20 == 19)
            {
                log($"{kill + 1} kills, {await pipeline.Database.CountClicksAsync():N0} clicks stored");
            }
        }

        await using var last = await pipeline.RunAsync("--producers", "0");
        await last.WaitForStatusAsync(status => status.IsCaughtUp() && status.Total("stored") > 0, Poll.DefaultTimeout);
        log((await pipeline.FinishAsync(last, sample: 0)).Trim());
        Assert.Equal((await pipeline.Topic.GetEndsAsync()).Sum(), await pipeline.Database.CountClicksAsync());
    }
}
