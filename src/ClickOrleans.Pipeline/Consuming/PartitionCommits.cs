using System.Diagnostics;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Telemetry;

namespace ClickOrleans.Pipeline.Consuming;

/// <summary>Runs the commits of a partition, each a task of its own, traced and measured.</summary>
/// <param name="messagingSystem">What kind of log the messages are from.</param>
internal sealed class PartitionCommits(
    string messagingSystem, PartitionStart start, DuplicateFilter duplicates, BatchCommitter committer, StageContext context)
{
    /// <summary>How long a stop waits for the batch in flight to be stored; else the next owner reads it again.</summary>
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(2);

    /// <returns>False when another consumer owns the partition.</returns>
    /// <remarks>The builder is used for the next batch as soon as this has returned its task.</remarks>
    public async Task<bool> CommitAsync(ClickBatch batch, BatchBuilder builder, CancellationToken stop)
    {
        var time = context.Time;
        var (begun, messages) = (builder.Begun, builder.Messages);
        using var span = messages > 0 && ClickTelemetry.IsTraced
            ? ClickSpans.StartProcess(
                messagingSystem,
                start.Identity.Topic,
                start.Partition,
                messages,
                builder.Origins,
                time.GetUtcNow() - time.GetElapsedTime(begun))
            : null;
        batch.Traceparent = TraceContext.ParentOf(span);

        // The next batch is read meanwhile, also where the store commits without waiting.
        await context.YieldAsync();
        try
        {
            using var timeout = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
            await using var registration = stop.Register(() => timeout.CancelAfter(FlushTimeout));
            await duplicates.FilterAsync(batch, timeout.Token);
            var stored = await committer.CommitAsync(batch, timeout.Token);
            if (!stored)
            {
                span?.SetTag("error.type", "fenced").SetStatus(ActivityStatusCode.Error);
            }
            else if (messages > 0)
            {
                var tag = ClickMetrics.Tag(ClickMetrics.Partition, start.Partition);
                ClickMetrics.BatchSize.Record(messages, tag);
                ClickMetrics.BatchDuration.Record(time.GetElapsedTime(begun).TotalSeconds, tag);
            }

            return stored;
        }
        catch (Exception exception)
        {
            span.Fail(exception);
            throw;
        }
    }
}
