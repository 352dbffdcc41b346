using System.Diagnostics;
using ClickOrleans.Testing.Pipelines;

namespace ClickOrleans.EndToEnd.Tests;

/// <summary>The number of consumers is changed repeatedly under load.</summary>
public sealed class ReassignmentTests(SharedServers servers, ITestOutputHelper output)
{
    private const int Rounds = 10;
    private static readonly int[] Counts = [4, 2, 0, 3, 1];

    [Fact]
    public async Task After_every_reassignment_each_partition_advances_and_nothing_is_lost_or_duplicated()
    {
        await using var pipeline = await servers.NewPipelineAsync();
        await using var silo = await pipeline.RunAsync("--rate", "4000", "--producers", "2", "--consumers", "1");
        await silo.WaitForStoredAsync(1_000);
        await using var monitor = await OffsetMonitor.StartAsync(pipeline);
        var pauses = new List<(string Change, double Seconds)>();
        var before = 1;
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var count in Counts)
            {
                monitor.Reset();
                await silo.PutAsync("/api/consumers", new { count });
                if (count > 0)
                {
                    // The current end offsets can only be reached by consumers assigned after the change.
                    await monitor.WaitForOffsetsAsync(await pipeline.Topic.GetEndsAsync());
                    pauses.Add(($"{before} -> {count}", monitor.LongestPause.TotalSeconds));
                }

                before = count;
            }
        }

        foreach (var change in pauses.GroupBy(pause => pause.Change, pause => pause.Seconds))
        {
            var sorted = change.Order().ToList();
            var median = sorted[sorted.Count / 2];
            output.WriteLine($"{change.Key}: pauses of {sorted[0]:0.00} to {sorted[^1]:0.00} s, median {median:0.00} s");
        }

        Assert.Equal(0, await pipeline.Database.CountDeadLettersAsync());
        output.WriteLine(await pipeline.FinishAsync(silo));
    }
}
