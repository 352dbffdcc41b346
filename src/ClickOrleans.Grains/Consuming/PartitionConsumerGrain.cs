using ClickOrleans.Grains.Statistics;
using ClickOrleans.Pipeline.Consuming;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace ClickOrleans.Grains.Consuming;

/// <summary>
/// Life cycle of a <see cref="ConsumerWorker"/>: started and re-dealt when asked, flushed and stopped on deactivation. The
/// worker's threads never hold a turn of this grain.
/// </summary>
[Reentrant]
internal sealed partial class PartitionConsumerGrain(
    ConsumerWorker worker, SiloName silo, TimeProvider time, ILogger<PartitionConsumerGrain> logger) : Grain, IPartitionConsumerGrain
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _assigning = new(1, 1);
    private long _ensured;
    private CommitSummary? _last;

    private int Consumer => (int)this.GetPrimaryKeyLong();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _ensured = time.GetTimestamp();
        this.RegisterGrainTimer(OnTickAsync, new GrainTimerCreationOptions(Tick, Tick) { Interleave = true });
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await AssignAsync([]);
        LogStopped(Consumer, reason.ReasonCode);
    }

    public async Task<ConsumerReport> EnsureAsync(int consumers, int partitions)
    {
        _ensured = time.GetTimestamp();
        await AssignAsync(PartitionDeal.Of(Consumer, consumers, partitions));
        return new ConsumerReport(Consumer, silo.ToString(), worker.Reports);
    }

    public async Task StopAsync()
    {
        await AssignAsync([]);
        DeactivateOnIdle();
    }

    /// <summary>One assignment at a time; stopping waits for the batches in hand, off the turn.</summary>
    private async Task AssignAsync(IReadOnlyCollection<int> partitions)
    {
        await _assigning.WaitAsync();
        try
        {
            await worker.AssignAsync(partitions);
        }
        finally
        {
            _assigning.Release();
        }
    }

    private async Task OnTickAsync(CancellationToken cancellationToken)
    {
        await PublishAsync();
        if (time.GetElapsedTime(_ensured) > Lease)
        {
            LogForgotten(Consumer);
            await StopAsync();
        }
    }

    /// <summary>Tells the live statistics what was committed since the last tick.</summary>
    private async Task PublishAsync()
    {
        var reports = worker.Reports;
        var summary = new CommitSummary(
            Consumer, silo.ToString(), time.GetUtcNow().UtcDateTime, reports.Sum(report => report.Stored), reports.Sum(report => report.DeadLetters));
        if (_last is not null && summary.Stored >= _last.Stored && (summary.Stored, summary.DeadLetters) != (_last.Stored, _last.DeadLetters))
        {
            await LiveStatisticsStream.Of(this.GetStreamProvider(LiveStatisticsStream.Provider)).OnNextAsync(
                summary with { Stored = summary.Stored - _last.Stored, DeadLetters = Math.Max(0, summary.DeadLetters - _last.DeadLetters) });
        }

        _last = summary;
    }

    [LoggerMessage(300, LogLevel.Debug, "Consumer {Consumer} has stopped ({Reason})")]
    private partial void LogStopped(int consumer, DeactivationReasonCode reason);

    [LoggerMessage(301, LogLevel.Warning, "Consumer {Consumer}: nobody has asked for it for 30 s; it stops")]
    private partial void LogForgotten(int consumer);
}
