using System.ComponentModel.DataAnnotations;
using ClickOrleans.Pipeline.Configuration;

namespace ClickOrleans.Pipeline.Control;

/// <summary>The first values of desired state: used as long as none are stored.</summary>
public sealed class ProducersOptions
{
    public const string Section = "ClickOrleans:Producers";

    /// <summary>How many producers of fake clicks run.</summary>
    /// <value>Default 1; 0 to 64.</value>
    [Range(0, DesiredStateRules.MaxProducers)]
    public int Count { get; set; } = 1;

    /// <summary>Clicks per second, all producers together; 0 = unlimited.</summary>
    /// <value>Default 1,000; 0 to 10,000,000.</value>
    [Range(0, DesiredStateRules.MaxRatePerSecond)]
    public double RatePerSecond { get; set; } = 1000;

    public ProducersState State => new(Count, RatePerSecond);
}

/// <inheritdoc cref="ProducersOptions"/>
public sealed class ConsumersOptions
{
    public const string Section = "ClickOrleans:Consumers";

    /// <summary>How many consumers share the partitions; 0 pauses consuming.</summary>
    /// <value>Default 2; 0 to 1,024.</value>
    [Range(0, DesiredStateRules.MaxConsumers)]
    public int Count { get; set; } = 2;

    public ConsumersState State => new(Count);
}

/// <inheritdoc cref="ProducersOptions"/>
public sealed class AggregationOptions : IValidated
{
    public const string Section = "ClickOrleans:Aggregation";

    /// <summary>Time between two runs; not together with <see cref="Cron"/>.</summary>
    /// <value>Default 5 s, unless <see cref="Cron"/> is set; 1 s to 1 day.</value>
    public TimeSpan? Interval { get; set; }

    /// <summary>
    /// Cron expression of five fields, or six with seconds first, in UTC; not together with <see cref="Interval"/>.
    /// </summary>
    /// <value>Default none.</value>
    public string? Cron { get; set; }

    /// <summary>True: only runs that are requested.</summary>
    /// <value>Default false.</value>
    public bool Paused { get; set; }

    /// <summary>The most clicks that one transaction folds.</summary>
    /// <value>Default 50,000; 100 to 10,000,000.</value>
    [Range(100, 10_000_000)]
    public int ChunkSize { get; set; } = 50_000;

    public AggregationState State =>
        string.IsNullOrEmpty(Cron)
        ? new(Interval ?? TimeSpan.FromSeconds(5), null, Paused)
        : new(Interval, Cron, Paused);

    public IEnumerable<ValidationError> Validate() => DesiredStateRules.Of(State)
        .Select(error => error with { Field = char.ToUpperInvariant(error.Field[0]) + error.Field[1..] });
}
