namespace ClickOrleans.Pipeline.Control;

/// <summary>How the pipeline should be: kept in the store, changed at run time, surviving restarts.</summary>
public sealed record DesiredState(ProducersState Producers, ConsumersState Consumers, AggregationState Aggregation);

/// <param name="Count">How many producers of fake clicks run; 0 = none.</param>
/// <param name="RatePerSecond">Clicks per second of all producers together; 0 = unlimited.</param>
public sealed record ProducersState(int Count, double RatePerSecond) : IDesiredPart
{
    public static string Name => "producers";

    public IEnumerable<ValidationError> Validate() => DesiredStateRules.Of(this);
}

/// <param name="Count">How many consumers share the partitions; 0 pauses consuming.</param>
public sealed record ConsumersState(int Count) : IDesiredPart
{
    public static string Name => "consumers";

    public IEnumerable<ValidationError> Validate() => DesiredStateRules.Of(this);
}

/// <param name="Interval">Time between two runs; null where <paramref name="Cron"/> says when.</param>
/// <param name="Cron">Cron expression of five fields, or six with seconds first, in UTC.</param>
/// <param name="Paused">True: only runs that are requested.</param>
public sealed record AggregationState(TimeSpan? Interval, string? Cron, bool Paused) : IDesiredPart
{
    public static string Name => "aggregation";

    public IEnumerable<ValidationError> Validate() => DesiredStateRules.Of(this);
}
