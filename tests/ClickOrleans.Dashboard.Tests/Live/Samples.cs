using ClickOrleans.Pipeline.Status;

namespace ClickOrleans.Dashboard.Tests.Live;

internal static class Samples
{
    public static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    public static PipelineStatus Status(
        string? schedule = "00:00:05",
        bool paused = false,
        int consumers = 2,
        DateTime? lastRun = null,
        DateTime? nextRun = null) => new(
        new ProducersStatus(1, 1000, 10_000),
        new ConsumersStatus(consumers, [new PartitionStatus(0, 0, "silo", 900, 1000, 100, "running", null, 0.5)]),
        new AggregationStatus(
            schedule,
            paused,
            false,
            lastRun is { } at ? new AggregationRunStatus(at, 1, 1, 1, 1, null, 0) : null,
            nextRun,
            [],
            0,
            null),
        new TotalsStatus(900, 0, 100, 800, 50, 40, 0, 0),
        0.5,
        [],
        new LiveStatus(1000, 0),
        [],
        []);
}
