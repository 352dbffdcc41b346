using Cronos;

namespace ClickOrleans.Pipeline.Control;

/// <summary>When the aggregation runs.</summary>
public sealed class AggregationSchedule
{
    private readonly TimeSpan _interval;
    private readonly CronExpression? _cron;
    private readonly string _text;

    /// <exception cref="ArgumentException">The state breaks <see cref="DesiredStateRules"/>.</exception>
    public AggregationSchedule(AggregationState state)
    {
        if (DesiredStateRules.Of(state).FirstOrDefault() is { } error)
        {
            throw new ArgumentException(error.Message, nameof(state));
        }

        _interval = state.Interval ?? default;
        _cron = state.Cron is null ? null : Parse(state.Cron);
        _text = state.Cron ?? _interval.ToString("c");
    }

    /// <summary>The first run after <paramref name="after"/> (UTC); null if a cron expression never comes true again.</summary>
    public DateTime? Next(DateTime after) => _cron is null ? after + _interval : _cron.GetNextOccurrence(after);

    /// <summary>The interval, or the cron expression.</summary>
    public override string ToString() => _text;

    internal static bool TryParseCron(string cron, out string error)
    {
        try
        {
            Parse(cron);
            error = "";
            return true;
        }
        catch (CronFormatException exception)
        {
            error = $"five fields (minute hour day month weekday), or six with seconds first, in UTC: {exception.Message}";
            return false;
        }
    }

    private static CronExpression Parse(string cron) =>
        CronExpression.Parse(
            cron,
            cron.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length == 6
                ? CronFormat.IncludeSeconds
                : CronFormat.Standard);
}
