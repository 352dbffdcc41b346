using ClickOrleans.Pipeline.Aggregating;
using ClickOrleans.Pipeline.Control;
using ClickOrleans.Pipeline.Indexing;
using ClickOrleans.Pipeline.Telemetry;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace ClickOrleans.Grains.Aggregating;

/// <summary>
/// Runs the aggregation when its reminder says so. A tick that finds a run under way is let go: the run under way folds what
/// the tick would have. Should two activations ever overlap, the store's fence keeps them from folding twice. Beside the runs the
/// sweep compares the index with the rollups; what it finds wrong is sent by a run of its own.
/// </summary>
[Reentrant]
internal sealed class AggregationGrain(
    Aggregator aggregator, IndexSweep sweep, TimeProvider time, ILogger<AggregationGrain> logger)
    : Grain, IAggregationGrain, IRemindable
{
    private const string ReminderName = "aggregation";
    private const int KeptRuns = 20;

    /// <summary>A tick of a busy cluster may be late by less.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly LinkedList<FinishedRun> _lastRuns = [];
    private readonly ScheduleMonitor _ticks = new();
    private ScheduleSetting? _ensured;
    private AggregationSchedule? _schedule;
    private DateTime? _nextRun;
    private Task<FinishedRun>? _run;
    private Task? _sweeping;
    private Task? _following;
    private long _followed;
    private bool _repairWaits;

    private bool IsRunning => _run is { IsCompleted: false };

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        foreach (var task in new[] { _run, _sweeping }.OfType<Task>())
        {
            await task.ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    public async Task<AggregationReport> EnsureAsync(ScheduleSetting schedule)
    {
        if (schedule != _ensured)
        {
            // Said first: while the reminder is being changed, another turn must not change it too.
            _ensured = schedule;
            _schedule = new AggregationSchedule(new AggregationState(schedule.Interval, schedule.Cron, schedule.Paused));
            try
            {
                await RemindAsync();
            }
            catch
            {
                _ensured = null;
                throw;
            }
        }
        else
        {
            FollowClock();
        }

        _sweeping ??= SweepAsync(TaskScheduler.Current);
        return new AggregationReport(
            _schedule!.ToString(), schedule.Paused, IsRunning, _nextRun, [.. _lastRuns], _ticks.Missed, _ticks.LastMissed,
            aggregator.Healing ?? sweep.Withheld,
            sweep.LastRound is { } round
                ? new FinishedSweep(round.Ended, round.Took, round.Compared, round.Repaired, round.Removed)
                : null);
    }

    public async Task<FinishedRun> RunNowAsync(CancellationToken cancellationToken)
    {
        while (IsRunning)
        {
            await _run!.WaitAsync(cancellationToken);
        }

        return await Start(due: null).WaitAsync(cancellationToken);
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (_nextRun is { } scheduled)
        {
            ClickMetrics.ReminderLateness.Record(Math.Max(0, (now - scheduled).TotalSeconds));
        }

        var due = _ensured is { Paused: true } ? now : _ticks.Take(_nextRun, _schedule, now, IsRunning);
        if (!IsRunning && _ensured is not { Paused: true })
        {
            Start(due).Ignore();
        }

        if (_ensured is { Interval: null } or { Paused: true })
        {
            // A cron expression's ticks are not evenly spaced: each one sets the next.
            await RemindAsync();
        }
        else
        {
            _nextRun = NextTick(status, now);
        }
    }

    /// <summary>
    /// A clock that was set makes the reminder wait for a time of the clock as it was, and a reminder that could not be set does
    /// not come at all: it is set anew, and what was due by the clock as it is runs now. Nobody waits for it, as the reminders'
    /// database may be out.
    /// </summary>
    private void FollowClock()
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (_nextRun is not { } scheduled || _schedule?.Next(now) is not { } next
            || (scheduled - next < ClockTolerance && now - scheduled < ClockTolerance)
            || _following is { IsCompleted: false }
            || (_following is not null && time.GetElapsedTime(_followed) < ClockTolerance))
        {
            return;
        }

        logger.ScheduledAgain(scheduled, now);
        _followed = time.GetTimestamp();
        _following = RemindAgainAsync();
        if (scheduled < now && !IsRunning && _lastRuns.First?.Value.Due != scheduled)
        {
            Start(scheduled).Ignore();
        }
    }

    private async Task RemindAgainAsync()
    {
        try
        {
            await RemindAsync();
        }
        catch (Exception exception)
        {
            logger.NotScheduled(ErrorText.Of(exception));
        }
    }

    /// <summary>Ticks come at whole periods from the first; this one may have come a little early.</summary>
    private static DateTime NextTick(TickStatus status, DateTime now) =>
        status.FirstTickTime + (status.Period * (Math.Round((now - status.FirstTickTime) / status.Period) + 1));

    /// <summary>Sets the reminder to the schedule's next time, or takes it away.</summary>
    private async Task RemindAsync()
    {
        if (_ensured is not { } setting || _schedule is not { } schedule)
        {
            return;
        }

        var now = time.GetUtcNow().UtcDateTime;
        var next = setting.Paused ? null : schedule.Next(now);
        if (next is null)
        {
            if (await this.GetReminder(ReminderName) is { } reminder)
            {
                await this.UnregisterReminder(reminder);
            }

            logger.AggregationPaused();
        }
        else
        {
            // The period only counts where the next tick is not set anew by this one.
            await this.RegisterOrUpdateReminder(ReminderName, next.Value - now, setting.Interval ?? TimeSpan.FromDays(1));
            logger.AggregationScheduled(schedule, next.Value);
        }

        _nextRun = next;
    }

    /// <param name="turns">Runs work in turns of this grain.</param>
    private Task SweepAsync(TaskScheduler turns) => Task.Run(() => sweep.RunAsync(
        () => Task.Factory.StartNew(RepairAsync, CancellationToken.None, TaskCreationOptions.None, turns).Unwrap().Ignore(),
        _stop.Token));

    /// <summary>Runs once more for what the sweep found, unless such a run waits already or none are wanted.</summary>
    private async Task RepairAsync()
    {
        if (_repairWaits || _ensured is not { Paused: false })
        {
            return;
        }

        _repairWaits = true;
        while (IsRunning)
        {
            await ((Task)_run!).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        _repairWaits = false;
        if (!_stop.IsCancellationRequested)
        {
            await Start(due: null);
        }
    }

    private Task<FinishedRun> Start(DateTime? due) => _run = RunAsync(due);

    private async Task<FinishedRun> RunAsync(DateTime? due)
    {
        var run = await Task.Run(() => aggregator.RunAsync(_stop.Token));
        var finished = new FinishedRun(run.Started, run.Took, run.Clicks, run.Rollups, run.Documents, run.Error, due);
        _lastRuns.AddFirst(finished);
        if (_lastRuns.Count > KeptRuns)
        {
            _lastRuns.RemoveLast();
        }

        if (run.Error is null)
        {
            logger.AggregationRan(run.Clicks, run.Rollups, run.Documents, run.Took.TotalMilliseconds);
        }
        else
        {
            logger.AggregationFailed(run.Error, run.Clicks, run.Documents);
        }

        return finished;
    }
}
