using ClickOrleans.Grains.Placement;
using ClickOrleans.Grains.Statistics;
using ClickOrleans.Pipeline.Consuming;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace ClickOrleans.Grains.Consuming;

/// <summary>
/// Life cycle of a <see cref="ConsumerWorker"/>: started and reassigned on request, flushed and stopped on deactivation. The
/// worker's consumers never hold a turn of this grain. It migrates to the silo that it belongs on once its batches are stored,
/// and continues there with the same assignment.
/// </summary>
[Reentrant]
[EvenPlacement]
internal sealed class PartitionConsumerGrain(
    ConsumerWorker worker, SiloName silo, MigrationCheck migration, TimeProvider time, ILogger<PartitionConsumerGrain> logger)
    : Grain, IPartitionConsumerGrain, IGrainMigrationParticipant
{
    private const string AssignmentKey = "assignment";

    private static readonly EvenPlacement Placement = new();
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _assigning = new(1, 1);
    private long _ensured;
    private CommitSummary? _last;
    private IReadOnlyList<int> _assignment = [];
    private bool _leaving;
    private bool _unpublished;

    private int Consumer => (int)this.GetPrimaryKeyLong();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _ensured = time.GetTimestamp();
        this.RegisterGrainTimer(OnTickAsync, new GrainTimerCreationOptions(Tick, Tick) { Interleave = true });
        await AssignAsync(_assignment);
    }

    public void OnRehydrate(IRehydrationContext rehydrationContext)
    {
        if (rehydrationContext.TryGetValue<int[]>(AssignmentKey, out var deal))
        {
            _assignment = deal ?? [];
        }
    }

    public void OnDehydrate(IDehydrationContext dehydrationContext) =>
        dehydrationContext.TryAddValue(AssignmentKey, _assignment.ToArray());

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // A call that is still being answered must not start again what nobody would stop.
        _leaving = true;
        await AssignAsync([]);
        logger.ConsumerStopped(Consumer, reason.ReasonCode);
    }

    public async Task<ConsumerReport> EnsureAsync(int consumers, int partitions)
    {
        _ensured = time.GetTimestamp();
        _assignment = PartitionAssignment.Of(Consumer, consumers, partitions);
        await AssignAsync(_assignment);
        return new ConsumerReport(Consumer, silo.ToString(), worker.Reports);
    }

    public async Task StopAsync()
    {
        _assignment = [];
        await AssignAsync([]);
        DeactivateOnIdle();
    }

    /// <summary>One assignment at a time; stopping waits for the batches in hand, off the turn.</summary>
    private async Task AssignAsync(IReadOnlyCollection<int> partitions)
    {
        await _assigning.WaitAsync();
        try
        {
            await worker.AssignAsync(_leaving ? [] : partitions);
        }
        finally
        {
            _assigning.Release();
        }
    }

    private async Task OnTickAsync(CancellationToken cancellationToken)
    {
        Publish();
        if (time.GetElapsedTime(_ensured) > Lease)
        {
            logger.ConsumerLeaseExpired(Consumer, Lease.TotalSeconds);
            await StopAsync();
        }
        else if (migration.IsDue(this.GetGrainId(), Placement))
        {
            MigrateOnIdle();
        }
    }

    /// <summary>
    /// Tells the live statistics what was committed since the last tick. They are not waited for: what gets lost is a number on
    /// a screen.
    /// </summary>
    private void Publish()
    {
        var reports = worker.Reports;
        var summary = new CommitSummary(
            Consumer,
            silo.ToString(),
            time.GetUtcNow().UtcDateTime,
            reports.Sum(report => report.Stored),
            reports.Sum(report => report.DeadLetters));
        if (_last is not null
            && summary.Stored >= _last.Stored
            && (summary.Stored, summary.DeadLetters) != (_last.Stored, _last.DeadLetters))
        {
            var change = summary with
            {
                Stored = summary.Stored - _last.Stored,
                DeadLetters = Math.Max(0, summary.DeadLetters - _last.DeadLetters),
            };
            PublishAsync(change).Ignore();
        }

        _last = summary;
    }

    private async Task PublishAsync(CommitSummary change)
    {
        try
        {
            await LiveStatisticsStream.Of(this.GetStreamProvider(LiveStatisticsStream.Provider)).OnNextAsync(change);
            _unpublished = false;
        }
        catch (Exception exception)
        {
            // Once for each time that it begins: a silo that goes takes some of the stream's queues with it.
            if (!_unpublished)
            {
                logger.StatisticsUnpublished(Consumer, ErrorText.Of(exception));
            }

            _unpublished = true;
        }
    }
}
