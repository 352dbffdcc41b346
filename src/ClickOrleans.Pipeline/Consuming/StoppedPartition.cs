using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Pipeline.Consuming;

/// <summary>
/// A partition whose log lost what was not read yet, or went back behind what was: only an operator may say how to go on.
/// </summary>
internal sealed class StoppedPartition(
    IClickLog log, IClickStore store, int partition, StageContext context, CurrentReport report, ILogger logger)
{
    public static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a log ends before the stored offset until that is kept in the store: a broker that is no longer the leader, and
    /// does not know yet, tells an end of earlier. (A log that is filled up to there meanwhile is found by its last record.)
    /// </summary>
    private static readonly TimeSpan Confirmation = TimeSpan.FromSeconds(10);

    public static StopReason ReasonOf(PartitionStart start) => start switch
    {
        { Stored.DivergedOffset: not null } => StopReason.Diverged,
        { IsLogShort: true } => StopReason.LogShort,
        _ when start.Next < start.Available.Start => StopReason.Lost,
        _ => StopReason.None,
    };

    /// <summary>Waits until an operator has decided, or until the log is found to be as it should be.</summary>
    /// <exception cref="OperationCanceledException"/>
    public async Task WaitUntilMovedAsync(PartitionStart start, CancellationToken cancellationToken)
    {
        var since = context.Time.GetTimestamp();
        var told = StopReason.None;
        while (ReasonOf(start) is not StopReason.None and var reason)
        {
            var error = Describe(start, reason);
            if (told != reason)
            {
                logger.PartitionStopped(partition, log.Topic, error);
                told = reason;
            }

            report.Change(current => current with { State = PartitionState.Stopped, Error = error, OldestPending = null });
            await Task.Delay(Poll, context.Time, cancellationToken);
            try
            {
                start = await PartitionStart.FindAsync(log, store, partition, cancellationToken);
                await KeepAsync(start, context.Time.GetElapsedTime(since), cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.Unavailable(exception, partition, log.Topic, Poll.TotalSeconds);
            }
        }
    }

    private static string Describe(PartitionStart start, StopReason reason) => reason switch
    {
        StopReason.Lost =>
            $"Offsets {new OffsetRange(start.Next, start.Available.Start)} were removed from the log before they were stored. " +
            $"To go on without them: accept-loss --partition {start.Partition}",
        StopReason.LogShort => DivergedLog.DescribeShort(start.Partition, start.Next, start.Available.End),
        _ => DivergedLog.Describe(start.Partition, start.Stored.DivergedOffset!.Value, start.Next, start.Available.End),
    };

    /// <summary>Keeps in the store that the log is short, once that is certain.</summary>
    private async Task KeepAsync(PartitionStart start, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        // Without a last record nothing would tell, once the log is filled up to the stored offset.
        if (ReasonOf(start) is StopReason.LogShort && (elapsed >= Confirmation || start.Stored.LastRecord is null))
        {
            var at = context.Time.GetUtcNow().UtcDateTime;
            await store.StopPartitionAsync(
                start.LogId, partition, start.Next, start.Available.End, at, cancellationToken);
        }
    }
}
