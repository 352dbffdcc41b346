using ClickOrleans.Grains.Aggregating;

namespace ClickOrleans.Grains.Pipelines;

/// <summary>Brings what runs in line with what is desired; its key is 0.</summary>
[Alias("ClickOrleans.IPipelineGrain")]
public interface IPipelineGrain : IGrainWithIntegerKey
{
    /// <summary>Called by every silo every few seconds, so that the pipeline comes back wherever it was lost.</summary>
    [Alias("Ping")]
    Task PingAsync();

    /// <summary>Reads desired state and brings the grains in line with it, now.</summary>
    [Alias("Reconcile")]
    Task<PipelineReport> ReconcileAsync();

    /// <summary>What the last reconcile found; at most a second or two old.</summary>
    [Alias("GetReport")]
    Task<PipelineReport> GetReportAsync();

    /// <summary>Stops the producers for good, whatever is desired: the pipeline is about to end.</summary>
    [Alias("StopProducing")]
    Task StopProducingAsync();
}

/// <param name="Reconciled">When the reconcile behind this report ended; null before the first.</param>
/// <param name="Produced">Clicks produced by this pipeline's producers since it began.</param>
/// <param name="Errors">What went wrong in the last reconcile.</param>
[GenerateSerializer]
[Alias("ClickOrleans.PipelineReport")]
public sealed record PipelineReport(
    [property: Id(0)] DateTime? Reconciled,
    [property: Id(1)] int Producers,
    [property: Id(2)] double RatePerSecond,
    [property: Id(3)] long Produced,
    [property: Id(4)] int Consumers,
    [property: Id(5)] int Partitions,
    [property: Id(6)] IReadOnlyList<ConsumedPartition> ConsumedPartitions,
    [property: Id(7)] AggregationReport? Aggregation,
    [property: Id(8)] IReadOnlyList<string> Errors);

/// <summary>A partition and who consumes it.</summary>
[GenerateSerializer]
[Alias("ClickOrleans.ConsumedPartition")]
public sealed record ConsumedPartition(
    [property: Id(0)] int Consumer, [property: Id(1)] string Silo, [property: Id(2)] Pipeline.Consuming.PartitionReport Report);
