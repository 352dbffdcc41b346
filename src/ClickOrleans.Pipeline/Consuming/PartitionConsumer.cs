using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Pipeline.Consuming;

/// <summary>
/// Stores one partition of the log: reads, decodes, commits, in order of offset. While one batch is committed the next is
/// read. It never blocks a thread: between its steps, each run by the caller's scheduler, it holds none.
/// </summary>
/// <remarks>
/// The store's offset is the only truth. After anything unexpected - an outage, a refusal, a commit whose outcome is unknown -
/// what was read is dropped and reading begins again from there; the compare-and-set in every commit makes it harmless that
/// another consumer may be at work on the same partition.
/// </remarks>
public sealed class PartitionConsumer(
    IClickLog log,
    IClickStore store,
    int partition,
    ConsumingOptions options,
    DuplicatesOptions duplicates,
    StageContext context,
    ILogger<PartitionConsumer> logger)
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(100);

    private readonly CurrentReport _report = new(partition);

    /// <summary>A batch for which the store takes too long would be repeated for ever: it is halved, and grows again.</summary>
    private readonly AdaptiveBatch _size = new(options.BatchSize, 1, options.BatchSize);

    public int Partition => partition;

    public PartitionReport Report => _report.Value;

    /// <summary>Consumes until it is cancelled or fenced; never throws.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var backoff = new Backoff(FirstBackoff, options.MaxBackoff, context.Random);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (!await ConsumeAsync(backoff, cancellationToken))
                {
                    StandDown();
                    return;
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                await context.PauseAsync(Retry(exception, backoff.Next()), cancellationToken);
            }
        }

        _report.Change(report => report with { State = PartitionState.Ended, OldestPending = null });
    }

    private static string FirstLine(Exception exception) =>
        $"{exception.GetType().Name}: {exception.Message.AsSpan().Trim().ToString().Split('\n', 2)[0].TrimEnd()}";

    /// <returns>False when another consumer owns the partition.</returns>
    private async Task<bool> ConsumeAsync(Backoff backoff, CancellationToken cancellationToken)
    {
        var start = await PartitionStart.FindAsync(log, store, partition, cancellationToken);
        _report.Change(report => report with { NextOffset = start.Next, OldestPending = null });
        if (StoppedPartition.ReasonOf(start) is not StopReason.None)
        {
            await StopUntilMovedAsync(start, cancellationToken);
            return true;
        }

        var key = await store.GetVisitorKeyAsync(cancellationToken);
        try
        {
            await using var reader = await LastRecordCheck.OpenReaderAsync(log, start, cancellationToken);
            _report.Change(report => report with { State = PartitionState.Running });
            logger.Reading(partition, log.Topic, start.Next);
            var range = new RangeReader(log, start.Identity, context.Time);
            var committer = new BatchCommitter(store, (offset, token) => range.FindAsync(partition, offset, token));
            var filter = new DuplicateFilter(store, start, duplicates.Window);
            var commits = new PartitionCommits(log.MessagingSystem, start, filter, committer, context);
            var open = new OpenPartition(start, key, reader, commits, options, context.Time, _report, backoff, _size);
            return await open.ConsumeAsync(cancellationToken) || await IsRevisedAsync(start, cancellationToken);
        }
        catch (OffsetOutOfRangeException outOfRange)
        {
            var stored = start.Stored with { NextOffset = outOfRange.Position };
            await StopUntilMovedAsync(start with { Available = outOfRange.Available, Stored = stored }, cancellationToken);
            return true;
        }
        catch (LogDivergedException diverged)
        {
            var at = context.Time.GetUtcNow().UtcDateTime;
            if (await store.StopPartitionAsync(start.LogId, partition, start.Next, diverged.Offset, at, cancellationToken))
            {
                var stored = start.Stored with { DivergedOffset = diverged.Offset };
                await StopUntilMovedAsync(start with { Stored = stored }, cancellationToken);
            }

            return true;
        }
    }

    /// <summary>
    /// Whether a commit was refused only because clicks were inserted beside it (the retry of a dead letter): the partition is
    /// read again from where it is, at once.
    /// </summary>
    private async Task<bool> IsRevisedAsync(PartitionStart start, CancellationToken cancellationToken)
    {
        var now = await store.StartPartitionAsync(start.RegisteredId, partition, start.Next, cancellationToken);
        return now.LogId == start.LogId
            && now.NextOffset == Report.NextOffset
            && now.Revision != start.Stored.Revision
            && now.DivergedOffset is null;
    }

    private Task StopUntilMovedAsync(PartitionStart start, CancellationToken cancellationToken) =>
        new StoppedPartition(log, store, partition, context, _report, logger).WaitUntilMovedAsync(start, cancellationToken);

    private void StandDown()
    {
        logger.CommitFenced(partition, log.Topic, Report.NextOffset, options.StandDown.TotalSeconds);
        ClickMetrics.FenceRefusals.Add(1, ClickMetrics.Tag(ClickMetrics.Partition, partition));
        _report.Change(report => report with
        {
            State = PartitionState.StoodDown,
            FenceRefusals = report.FenceRefusals + 1,
            OldestPending = null,
        });
    }

    private void Stop(string error)
    {
        if (Report.Error != error)
        {
            logger.PartitionStopped(partition, log.Topic, error);
        }

        _report.Change(report => report with { State = PartitionState.Stopped, Error = error, OldestPending = null });
    }

    /// <summary>Reports what failed and how long it pauses.</summary>
    private TimeSpan Retry(Exception exception, TimeSpan pause)
    {
        if (exception is LogReplacedException replaced)
        {
            logger.LogReplaced(partition, log.Topic, pause.TotalSeconds, replaced.Message);
            _report.Change(report => report with
            {
                State = PartitionState.Starting,
                NextOffset = null,
                Error = replaced.Message,
            });
        }
        else if (exception is RowsAheadException ahead)
        {
            // It is looked at again as often as any stopped partition, whoever changes what.
            Stop(ahead.Message);
            pause = StoppedPartition.Poll;
        }
        else
        {
            if (StoreTimeouts.IsTimeout(exception))
            {
                _size.Shrink();
            }

            logger.Unavailable(exception, partition, log.Topic, pause.TotalSeconds);
            _report.Change(report => report with
            {
                State = PartitionState.BackingOff,
                Error = FirstLine(exception),
                OldestPending = null,
            });
        }

        return pause;
    }
}
