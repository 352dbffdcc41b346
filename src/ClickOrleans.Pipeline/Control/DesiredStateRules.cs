using ClickOrleans.Pipeline.Configuration;

namespace ClickOrleans.Pipeline.Control;

/// <summary>What desired state may be. Each broken rule gives an error: the field, its value, what is allowed.</summary>
public static class DesiredStateRules
{
    public const int MaxProducers = 64;
    public const double MaxRatePerSecond = 10_000_000;
    public const int MaxConsumers = 1024;

    public static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan MaxInterval = TimeSpan.FromDays(1);

    public static IEnumerable<ValidationError> Of(ProducersState state)
    {
        if (state.Count is < 0 or > MaxProducers)
        {
            yield return ValidationError.NotAllowed("count", state.Count, $"0 to {MaxProducers}");
        }

        if (!(state.RatePerSecond is >= 0 and <= MaxRatePerSecond))
        {
            yield return ValidationError.NotAllowed("ratePerSecond", state.RatePerSecond, $"0 to {MaxRatePerSecond:0}");
        }
    }

    public static IEnumerable<ValidationError> Of(ConsumersState state)
    {
        if (state.Count is < 0 or > MaxConsumers)
        {
            yield return ValidationError.NotAllowed("count", state.Count, $"0 to {MaxConsumers}");
        }
    }

    public static IEnumerable<ValidationError> Of(AggregationState state)
    {
        if (state.Interval is null == state.Cron is null)
        {
            yield return ValidationError.NotAllowed("interval", state.Interval, "either an interval or a cron expression");
        }

        if (state.Interval is { } interval && (interval < MinInterval || interval > MaxInterval))
        {
            yield return ValidationError.NotAllowed(
                "interval", interval, $"{Duration.ToText(MinInterval)} to {Duration.ToText(MaxInterval)}");
        }

        if (state.Cron is { } cron && !AggregationSchedule.TryParseCron(cron, out var error))
        {
            yield return ValidationError.NotAllowed("cron", cron, error);
        }
    }
}
