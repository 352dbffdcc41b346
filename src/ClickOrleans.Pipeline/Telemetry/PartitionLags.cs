using System.Diagnostics.Metrics;

namespace ClickOrleans.Pipeline.Telemetry;

/// <param name="Lag">Messages in the log that are not stored.</param>
/// <param name="OldestUnprocessed">How old the oldest of them is; zero where there is none.</param>
public sealed record PartitionLag(int Partition, long Lag, TimeSpan OldestUnprocessed);

/// <summary>How far behind the partitions are that this process consumes: the gauges of lag and age, as last measured.</summary>
public static class PartitionLags
{
    private static volatile IReadOnlyList<PartitionLag> s_measured = [];

    static PartitionLags()
    {
        ClickTelemetry.Meter.CreateObservableGauge(
            "clickstream.lag",
            () => Observe(partition => partition.Lag),
            "{message}",
            "Messages of the partition in the log that are not stored, on the silo that consumes it");
        ClickTelemetry.Meter.CreateObservableGauge(
            "clickstream.oldest_unprocessed.age",
            () => Observe(partition => partition.OldestUnprocessed.TotalSeconds),
            "s",
            "How long ago the oldest message of the partition that is not stored was appended, on the silo that consumes it");
    }

    /// <summary>Replaces what was measured before; a partition that is not named is not this process's any more.</summary>
    public static void Measured(IReadOnlyList<PartitionLag> partitions) => s_measured = partitions;

    private static IEnumerable<Measurement<T>> Observe<T>(Func<PartitionLag, T> value)
        where T : struct =>
        s_measured.Select(partition => new Measurement<T>(
            value(partition), ClickMetrics.Tag(ClickMetrics.Partition, partition.Partition)));
}
