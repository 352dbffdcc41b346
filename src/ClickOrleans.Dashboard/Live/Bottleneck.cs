using System.Globalization;
using ClickOrleans.Pipeline.Status;

namespace ClickOrleans.Dashboard.Live;

/// <summary>The stage that holds the others up.</summary>
/// <param name="Stage">consume, fold or index; null while every stage keeps up.</param>
/// <param name="Text">In words.</param>
public sealed record Bottleneck(string? Stage, string Text)
{
    /// <summary>A stage on a schedule is behind once it has missed about two runs; a stage without one, after this.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    public static Bottleneck Of(PipelineStatus? status, IReadOnlyList<StageAge> ages)
    {
        if (status is null)
        {
            return new Bottleneck(null, "Nothing is known yet.");
        }

        // A stage can only be as far as the one before it: of those behind, the one that is furthest behind holds the others up.
        var behind = ages
            .Where(stage => stage.Age > Allowed(stage.Stage, status.Aggregation))
            .OrderByDescending(stage => stage.Age)
            .FirstOrDefault();
        return behind is null
            ? new Bottleneck(null, "Every stage keeps up: as much goes through as is produced.")
            : new Bottleneck(behind.Stage, $"{Name(behind.Stage)}: its oldest unprocessed click is {behind.Age.TotalSeconds:N0} s old. {Why(behind.Stage, status)}".TrimEnd());
    }

    private static string Name(string stage) => stage switch
    {
        "consume" => "Storing is behind",
        "fold" => "Folding is behind",
        _ => "Indexing is behind",
    };

    private static string Why(string stage, PipelineStatus status) => stage switch
    {
        "consume" when status.Consumers.Count == 0 => "Consumers are paused.",
        not "consume" when status.Aggregation.Paused => "The aggregation is paused.",
        _ => "",
    };

    private static TimeSpan Allowed(string stage, AggregationStatus aggregation)
    {
        if (stage == "consume")
        {
            return Slack;
        }

        if (TimeSpan.TryParse(aggregation.Schedule, CultureInfo.InvariantCulture, out var interval))
        {
            return (interval * 2) + Slack;
        }

        // By cron: behind is what waits although the last run is long over and the next is overdue, which the next run's time tells.
        return aggregation is { NextRun: { } next, LastRun: { } last } ? ((next - last.Started) * 2) + Slack : TimeSpan.FromDays(1);
    }
}
