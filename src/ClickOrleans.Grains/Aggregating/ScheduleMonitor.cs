using ClickOrleans.Pipeline.Control;

namespace ClickOrleans.Grains.Aggregating;

/// <summary>
/// Holds the ticks that came against the times of the schedule: which time a tick is for, and which times went by without a run.
/// </summary>
internal sealed class ScheduleMonitor
{
    public long Missed { get; private set; }

    public DateTime? LastMissed { get; private set; }

    /// <summary>Takes a tick into account.</summary>
    /// <param name="expected">When the next tick was due; null where that is not known, as right after the grain began.</param>
    /// <param name="isRunning">The run before is still under way: this tick is let go.</param>
    /// <returns>The time that the tick is for: the last one that has come.</returns>
    public DateTime Take(DateTime? expected, AggregationSchedule? schedule, DateTime now, bool isRunning)
    {
        var due = expected ?? now;
        while (schedule?.Next(due) is { } next && next <= now)
        {
            Miss(due);
            due = next;
        }

        if (isRunning)
        {
            Miss(due);
        }

        return due;
    }

    private void Miss(DateTime due)
    {
        Missed++;
        LastMissed = due;
    }
}
