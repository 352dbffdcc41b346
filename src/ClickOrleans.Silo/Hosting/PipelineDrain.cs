using ClickOrleans.Grains.Aggregating;
using ClickOrleans.Grains.Pipelines;
using ClickOrleans.Silo.Status;

namespace ClickOrleans.Silo.Hosting;

/// <summary>
/// The end of a silo that is alone: no more is produced, what is in the log is stored, folded and indexed as far as the time
/// allows. What is left, the next start does.
/// </summary>
internal sealed class PipelineDrain(IGrainFactory grains, StatusReader reader, StatusSampler sampler, TimeProvider time)
{
    /// <summary>A stop ends within 5 s: this is what draining and the last aggregation get of it.</summary>
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan LastRunTimeout = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    public async Task RunAsync()
    {
        await WithinAsync(DrainTimeout, async token =>
        {
            await grains.GetGrain<IPipelineGrain>(0).StopProducingAsync().WaitAsync(token);
            while (await ReadStatusAsync() is { Totals.Lag: > 0, Consumers.Count: > 0 })
            {
                await Task.Delay(Poll, time, token);
            }
        });
        await WithinAsync(LastRunTimeout, token => grains.GetGrain<IAggregationGrain>(0).RunNowAsync(token));
    }

    /// <summary>The status now, or, where it cannot be read, the last one that could.</summary>
    public async Task<PipelineStatus?> ReadStatusAsync()
    {
        try
        {
            return await reader.ReadNowAsync(CancellationToken.None).WaitAsync(DrainTimeout, time);
        }
        catch (Exception)
        {
            return sampler.Status?.AsOfEarlier();
        }
    }

    private async Task WithinAsync(TimeSpan timeout, Func<CancellationToken, Task> work)
    {
        try
        {
            using var limit = new CancellationTokenSource(timeout, time);
            await work(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // The rest is read, or folded, at the next start.
        }
    }
}
