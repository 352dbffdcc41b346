namespace ClickOrleans.Pipeline.Control;

/// <summary>What desired state may be. Each rule gives a fault: the field, its value, what is allowed.</summary>
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
            yield return new ValidationError("count", $"count is {state.Count}; allowed are 0 to {MaxProducers}.");
        }

        if (!(state.RatePerSecond is >= 0 and <= MaxRatePerSecond))
        {
            yield return new ValidationError(
                "ratePerSecond", $"ratePerSecond is {state.RatePerSecond}; allowed are 0 (as fast as it goes) to {MaxRatePerSecond:0}.");
        }
    }

    public static IEnumerable<ValidationError> Of(ConsumersState state)
    {
        if (state.Count is < 0 or > MaxConsumers)
        {
            yield return new ValidationError("count", $"count is {state.Count}; allowed are 0 (paused) to {MaxConsumers}.");
        }
    }

    public static IEnumerable<ValidationError> Of(AggregationState state)
    {
        if (state.Interval is null == state.Cron is null)
        {
            yield return new ValidationError("interval", "Exactly one of interval and cron must be given.");
        }

        if (state.Interval is { } interval && (interval < MinInterval || interval > MaxInterval))
        {
            yield return new ValidationError("interval", $"interval is {interval}; allowed are {MinInterval} to {MaxInterval}.");
        }

        if (state.Cron is { } cron && !AggregationSchedule.TryParseCron(cron, out var error))
        {
            yield return new ValidationError("cron", $"cron is '{cron}': {error}");
        }
    }
}

/// <summary>A value that is not allowed, and what would be.</summary>
public sealed record ValidationError(string Field, string Message);
