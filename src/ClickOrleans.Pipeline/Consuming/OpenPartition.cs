using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Consuming;

/// <summary>A partition that is being read, with two batches: one is filled while the other is committed.</summary>
internal sealed class OpenPartition(
    PartitionStart start,
    VisitorKey key,
    ILogReader reader,
    PartitionCommits commits,
    ConsumingOptions options,
    TimeProvider time,
    CurrentReport report,
    Backoff backoff,
    AdaptiveBatch size)
{
    /// <summary>How long a read waits for the first message while nothing is being committed.</summary>
    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(5);

    /// <summary>How long while something is: bounds how late the end of a commit is noticed where no message comes.</summary>
    private static readonly TimeSpan CommitWait = TimeSpan.FromMilliseconds(250);

    private static readonly Task<bool> NoCommit = Task.FromResult(true);

    private readonly BatchBuilder _builder = new(options, size);
    private ClickBatch _filling = start.NewBatch(key);
    private ClickBatch _committing = start.NewBatch(key);
    private Task<bool> _commit = NoCommit;

    private TimeSpan FirstWait => _commit.IsCompleted ? IdleWait : CommitWait;

    /// <summary>Reads and commits until it is cancelled, then flushes.</summary>
    /// <returns>False when another consumer owns the partition.</returns>
    public async Task<bool> ConsumeAsync(CancellationToken cancellationToken)
    {
        var next = start.Next;
        try
        {
            while (true)
            {
                var stop = cancellationToken.IsCancellationRequested;
                if (!stop)
                {
                    await FillAsync(next, cancellationToken);
                    stop = cancellationToken.IsCancellationRequested;
                }

                if (!await FinishCommitAsync(_builder.OldestAppendedAt))
                {
                    return false;
                }

                if (_filling.NextOffset > _filling.ExpectedOffset)
                {
                    next = _filling.NextOffset;
                    (_filling, _committing) = (_committing, _filling);
                    _commit = commits.CommitAsync(_committing, _builder, cancellationToken);
                }
                else
                {
                    // Nothing came for a while: many partitions would keep what few need at a time.
                    _filling.Clicks.Trim();
                    _committing.Clicks.Clear();
                    _committing.Clicks.Trim();
                }

                if (stop)
                {
                    return await FinishCommitAsync(null);
                }

                _filling.NextOffset = _filling.ExpectedOffset = next;
            }
        }
        finally
        {
            // An abandoned commit would still be using the batch's memory.
            await StageContext.EndAsync(_commit);
        }
    }

    /// <summary>Fills a batch: until it is full, or the first message has lingered long enough, or it is cancelled.</summary>
    private async ValueTask FillAsync(long expected, CancellationToken cancellationToken)
    {
        _builder.Start(_filling, expected);
        try
        {
            while (!_builder.IsFull)
            {
                var wasEmpty = _builder.IsEmpty;
                var wait = wasEmpty ? FirstWait : options.Linger - time.GetElapsedTime(_builder.Begun);
                if (wait <= TimeSpan.Zero)
                {
                    break;
                }

                await reader.ReadAsync(_builder, wait, cancellationToken);
                if (_builder.IsEmpty && (_commit.IsCompleted || reader.Position > expected))
                {
                    break;
                }

                if (wasEmpty && !_builder.IsEmpty)
                {
                    _builder.Begun = time.GetTimestamp();
                    var oldest = _builder.OldestAppendedAt;
                    report.Change(current => current with { OldestPending = current.OldestPending ?? oldest });
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What is being committed is flushed. A read that did not complete may have shown messages of another log: dropped.
            _builder.Start(_filling, expected);
            return;
        }

        _filling.NextOffset = reader.Position;
        _filling.LastRecord = _builder.LastRecord;
    }

    /// <summary>Waits for the commit in flight and reports what it stored.</summary>
    /// <returns>False when another consumer owns the partition.</returns>
    private async ValueTask<bool> FinishCommitAsync(DateTime? oldestPending)
    {
        if (!await _commit)
        {
            return false;
        }

        _commit = NoCommit;
        var batch = _committing;
        if (batch.NextOffset > batch.ExpectedOffset)
        {
            backoff.Reset();
            size.Grow();
            reader.Acknowledge(batch.NextOffset);
            report.Change(current => current with
            {
                State = PartitionState.Running,
                NextOffset = batch.NextOffset,
                Stored = current.Stored + batch.Clicks.Count,
                DeadLetters = current.DeadLetters + batch.DeadLetters.Count,
                OldestPending = oldestPending,
                Error = null,
            });
            batch.NextOffset = batch.ExpectedOffset;
        }

        return true;
    }
}
