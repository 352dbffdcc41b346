using System.Globalization;
using ClickOrleans.Pipeline.Status;

namespace ClickOrleans.Dashboard.Live;

/// <summary>The stage that limits the throughput of the pipeline.</summary>
/// <param name="Stage">consume, fold or index; null if no stage is behind.</param>
/// <param name="Text">A sentence for the overview page.</param>
public sealed record Bottleneck(string? Stage, string Text)
{
    /// <summary>A scheduled stage is behind when two intervals and this have passed; consuming, when this has passed.</summary>
    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(5);

    public static Bottleneck Of(PipelineStatus? status, IReadOnlyList<StageAge> ages)
    {
        if (status is null)
        {
            return new Bottleneck(null, "No status yet.");
        }

        // A stage is never ahead of the one before it, so the bottleneck is the one whose oldest unprocessed click is oldest.
        var behind = ages
            .Where(stage => stage.Age > MaxAge(stage.Stage, status.Aggregation))
            .OrderByDescending(stage => stage.Age)
            .FirstOrDefault();
        return behind is null
            ? new Bottleneck(null, "No bottleneck: every stage keeps up with the input.")
            : new Bottleneck(behind.Stage, Describe(behind, status));
    }

    private static string Describe(StageAge behind, PipelineStatus status) =>
        $"{Name(behind.Stage)}: oldest unprocessed click {behind.Age.TotalSeconds:N0} s. {Cause(behind.Stage, status)}".TrimEnd();

    private static string Name(string stage) => stage switch
    {
        "consume" => "Storing is behind",
        "fold" => "Folding is behind",
        _ => "Indexing is behind",
    };

    private static string Cause(string stage, PipelineStatus status) => stage switch
    {
        "consume" when status.Consumers.Count == 0 => "Consumers are paused.",
        not "consume" when status.Aggregation.Paused => "The aggregation is paused.",
        _ => "",
    };

    private static TimeSpan MaxAge(string stage, AggregationStatus aggregation)
    {
        if (stage == "consume")
        {
            return GracePeriod;
        }

        if (TimeSpan.TryParse(aggregation.Schedule, CultureInfo.InvariantCulture, out var interval))
        {
            return (interval * 2) + GracePeriod;
        }

        // Cron: the interval is the time between the last run and the next.
        return aggregation is { NextRun: { } next, LastRun: { } last }
            ? ((next - last.Started) * 2) + GracePeriod
            : TimeSpan.FromDays(1);
    }
}
