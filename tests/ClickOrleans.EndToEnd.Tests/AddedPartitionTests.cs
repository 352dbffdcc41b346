using ClickOrleans.Testing.Pipelines;

namespace ClickOrleans.EndToEnd.Tests;

public sealed class AddedPartitionTests(SharedServers servers, ITestOutputHelper output)
{
    /// <summary>Partitions added at run time are consumed within this.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Partitions_added_at_run_time_are_consumed_within_thirty_seconds()
    {
        await using var pipeline = await servers.NewPipelineAsync(partitions: 2);
        await using var silo = await pipeline.RunAsync("--producers", "0", "--consumers", "3");
        await pipeline.Topic.ProduceAsync([.. Enumerable.Range(0, 2).SelectMany(Messages)]);
        await silo.WaitForStoredAsync(20);

        await pipeline.Topic.AddPartitionsAsync(6);
        var added = System.Diagnostics.Stopwatch.StartNew();
        await pipeline.Topic.ProduceAsync([.. Enumerable.Range(0, 6).SelectMany(Messages)]);
        await silo.WaitForStatusAsync(status => status.Total("stored") == 80 && status.Total("lag") == 0, Limit);

        output.WriteLine($"stored {added.Elapsed.TotalSeconds:0.0} s after the partitions were added");
        output.WriteLine(await pipeline.FinishAsync(silo));
    }

    private static IEnumerable<(int Partition, byte[]? Key, byte[]? Value)> Messages(int partition) =>
        Clicks.Of($"partition{partition}", 10).Select(message => (partition, message.Key, message.Value));
}
