using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Pipeline.Consuming;

/// <summary>
/// Stores one partition of the log: reads, decodes, commits, in order of offset, on the thread that calls
/// <see cref="Run"/>. While one batch is committed the next is read.
/// </summary>
/// <remarks>
/// The store's offset is the only truth. After anything unexpected - an outage, a refusal, a commit whose outcome is unknown -
/// what is in hand is dropped and reading begins again from there; the compare-and-set in every commit makes it harmless that
/// another consumer may be at work on the same partition.
/// </remarks>
public sealed partial class PartitionConsumer(
    IClickLog log,
    IClickStore store,
    int partition,
    ConsumingOptions options,
    TimeProvider time,
    ILogger<PartitionConsumer> logger)
{
    /// <summary>How long an idle read blocks: bounds how fast a stop is noticed where the log cannot be interrupted.</summary>
    private static readonly TimeSpan IdleWait = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a stop waits for the batch in hand to be stored; what is not is read again by the next owner.</summary>
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan StoppedPoll = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private PartitionReport _report = new(partition, PartitionState.Starting, null, 0, 0, 0, null, null);

    public int Partition => partition;

    public PartitionReport Report
    {
        get
        {
            lock (_lock)
            {
                return _report;
            }
        }
    }

    /// <summary>Consumes until it is cancelled or fenced off; never throws.</summary>
    public void Run(CancellationToken cancellationToken)
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), options.MaxBackoff, new Random());
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (!Consume(backoff, cancellationToken))
                {
                    LogFenced(partition, Report.NextOffset);
                    ClickMetrics.FenceRefusals.Add(1, ClickMetrics.Tag(ClickMetrics.Partition, partition));
                    Change(report => report with { State = PartitionState.StoodDown, FenceRefusals = report.FenceRefusals + 1, OldestPending = null });
                    return;
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }
            catch (LogReplacedException replaced)
            {
                LogReplaced(partition, replaced.Message);
                Change(report => report with { State = PartitionState.Starting, NextOffset = null, Error = replaced.Message });
                cancellationToken.WaitHandle.WaitOne(backoff.Next());
            }
            catch (OffsetOutOfRangeException outOfRange)
            {
                StopUntilMoved(outOfRange, cancellationToken);
            }
            catch (Exception outage)
            {
                var pause = backoff.Next();
                LogOutage(outage, partition, pause.TotalSeconds);
                Change(report => report with { State = PartitionState.BackingOff, Error = FirstLine(outage), OldestPending = null });
                cancellationToken.WaitHandle.WaitOne(pause);
            }
        }

        Change(report => report with { State = PartitionState.Ended, OldestPending = null });
    }

    private static string FirstLine(Exception exception) =>
        $"{exception.GetType().Name}: {exception.Message.AsSpan().Trim().ToString().Split('\n', 2)[0].TrimEnd()}";

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    /// <returns>False when fenced off.</returns>
    private bool Consume(Backoff backoff, CancellationToken cancellationToken)
    {
        var identity = Wait(log.IdentifyAsync(cancellationToken));
        var logId = Wait(store.RegisterLogAsync(identity, cancellationToken));
        var earliest = Wait(log.GetOffsetsAsync(partition, cancellationToken)).Start;
        var next = Wait(store.StartPartitionAsync(logId, partition, earliest, cancellationToken));
        Change(report => report with { State = PartitionState.Running, NextOffset = next, OldestPending = null });
        LogReading(partition, identity.Topic, next);

        using var reader = log.OpenReader(identity, partition, next);
        var committer = new BatchCommitter(store, (offset, token) => new RangeReader(log, identity, time).Find(partition, offset, token));
        var builder = new BatchBuilder(options);
        var filling = NewBatch();
        var committing = NewBatch();
        Task<bool> commit = Task.FromResult(true);
        try
        {
            while (true)
            {
                var stop = cancellationToken.IsCancellationRequested;
                if (!stop)
                {
                    Fill(reader, builder, filling, next, commit, cancellationToken);
                    stop = cancellationToken.IsCancellationRequested;
                }

                if (!Finished(commit, committing, reader, backoff, builder.OldestAppendedAt))
                {
                    return false;
                }

                commit = Task.FromResult(true);
                if (filling.NextOffset > filling.ExpectedOffset)
                {
                    next = filling.NextOffset;
                    (filling, committing) = (committing, filling);
                    commit = CommitAsync(committer, builder, committing, identity, cancellationToken);
                }

                if (stop)
                {
                    return Finished(commit, committing, reader, backoff, null);
                }

                filling.NextOffset = filling.ExpectedOffset = next;
            }
        }
        finally
        {
            // An abandoned commit would still be using the batch's memory.
            commit.ContinueWith(static ended => _ = ended.Exception, TaskScheduler.Default).Wait(CancellationToken.None);
        }

        ClickBatch NewBatch() => new() { LogId = logId, Partition = partition, ExpectedOffset = next, NextOffset = next };
    }

    /// <summary>Fills a batch: until it is full, or the first message has lingered long enough, or a stop is asked for.</summary>
    private void Fill(
        ILogReader reader, BatchBuilder builder, ClickBatch batch, long expected, Task commit, CancellationToken cancellationToken)
    {
        builder.Start(batch, expected);
        try
        {
            while (!builder.IsFull)
            {
                var wait = builder.IsEmpty ? IdleWait : options.Linger - time.GetElapsedTime(builder.Begun);
                if (wait <= TimeSpan.Zero && !builder.IsEmpty)
                {
                    break;
                }

                var wasEmpty = builder.IsEmpty;
                reader.Read(builder, wait, cancellationToken);
                if (builder.IsEmpty && (commit.IsCompleted || reader.Position > expected))
                {
                    break;
                }

                if (wasEmpty && !builder.IsEmpty)
                {
                    builder.Begun = time.GetTimestamp();
                    var oldest = builder.OldestAppendedAt;
                    Change(report => report with { OldestPending = report.OldestPending ?? oldest });
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What was read until now is flushed. A read that did not return may hold messages of another log: dropped.
            builder.Start(batch, expected);
            return;
        }

        batch.NextOffset = reader.Position;
    }

    /// <remarks>The builder is used for the next batch as soon as this has returned its task.</remarks>
    private async Task<bool> CommitAsync(
        BatchCommitter committer, BatchBuilder builder, ClickBatch batch, LogIdentity identity, CancellationToken stop)
    {
        var (begun, messages) = (builder.Begun, builder.Messages);
        using var span = messages > 0 && ClickTelemetry.IsTraced
            ? ClickSpans.StartProcess(
                log.MessagingSystem, identity.Topic, partition, messages, builder.Origins, time.GetUtcNow() - time.GetElapsedTime(begun))
            : null;
        batch.Traceparent = TraceContext.ParentOf(span);
        await Task.Yield();
        try
        {
            using var timeout = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
            await using var registration = stop.Register(() => timeout.CancelAfter(FlushTimeout));
            var stored = await committer.CommitAsync(batch, timeout.Token);
            if (!stored)
            {
                span?.SetTag("error.type", "fenced").SetStatus(System.Diagnostics.ActivityStatusCode.Error);
            }
            else if (messages > 0)
            {
                var tag = ClickMetrics.Tag(ClickMetrics.Partition, partition);
                ClickMetrics.BatchSize.Record(messages, tag);
                ClickMetrics.BatchDuration.Record(time.GetElapsedTime(begun).TotalSeconds, tag);
            }

            return stored;
        }
        catch (Exception failure)
        {
            span.Fail(failure);
            throw;
        }
    }

    private bool Finished(Task<bool> commit, ClickBatch batch, ILogReader reader, Backoff backoff, DateTime? oldestPending)
    {
        if (!Wait(commit))
        {
            return false;
        }

        if (batch.NextOffset > batch.ExpectedOffset)
        {
            backoff.Reset();
            reader.Acknowledge(batch.NextOffset);
            Change(report => report with
            {
                State = PartitionState.Running,
                NextOffset = batch.NextOffset,
                Stored = report.Stored + batch.Clicks.Count,
                DeadLetters = report.DeadLetters + batch.DeadLetters.Count,
                OldestPending = oldestPending,
                Error = null,
            });
            batch.NextOffset = batch.ExpectedOffset;
        }

        return true;
    }

    /// <summary>The log lost what was not read yet, or is shorter than what was: only an operator may say how to go on.</summary>
    private void StopUntilMoved(OffsetOutOfRangeException outOfRange, CancellationToken cancellationToken)
    {
        var error = outOfRange.Lost.IsEmpty
            ? $"The log ends at offset {outOfRange.Available.End}, before the stored offset {outOfRange.Position}: records were lost on the log's side."
            : $"Offsets {outOfRange.Lost} were removed from the log before they were stored. To go on without them: accept-loss --partition {partition}";
        LogStopped(partition, error);
        Change(report => report with { State = PartitionState.Stopped, Error = error, OldestPending = null });
        while (!cancellationToken.WaitHandle.WaitOne(StoppedPoll))
        {
            try
            {
                var identity = Wait(log.IdentifyAsync(cancellationToken));
                var logId = Wait(store.RegisterLogAsync(identity, cancellationToken));
                var available = Wait(log.GetOffsetsAsync(partition, cancellationToken));
                var next = Wait(store.StartPartitionAsync(logId, partition, available.Start, cancellationToken));
                if (next >= available.Start && next <= available.End)
                {
                    return;
                }
            }
            catch (Exception outage) when (outage is not OperationCanceledException)
            {
                LogOutage(outage, partition, StoppedPoll.TotalSeconds);
            }
        }
    }

    private void Change(Func<PartitionReport, PartitionReport> change)
    {
        lock (_lock)
        {
            _report = change(_report);
        }
    }

    [LoggerMessage(100, LogLevel.Information, "Partition {Partition} of {Topic}: reading from offset {Offset}")]
    private partial void LogReading(int partition, string topic, long offset);

    [LoggerMessage(101, LogLevel.Warning, "Partition {Partition}: out; trying again in {Seconds:0.0} s, nothing is lost")]
    private partial void LogOutage(Exception exception, int partition, double seconds);

    [LoggerMessage(102, LogLevel.Warning, "Partition {Partition}: fenced off at offset {Offset}, somebody else stores it; standing down")]
    private partial void LogFenced(int partition, long? offset);

    [LoggerMessage(103, LogLevel.Warning, "Partition {Partition}: {Message} Going on with the log as it is now")]
    private partial void LogReplaced(int partition, string message);

    [LoggerMessage(104, LogLevel.Error, "Partition {Partition} is stopped. {Error}")]
    private partial void LogStopped(int partition, string error);
}
