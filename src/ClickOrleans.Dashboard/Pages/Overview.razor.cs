using ClickOrleans.Dashboard.Components;
using ClickOrleans.Dashboard.Live;
using ClickOrleans.Pipeline.Status;

namespace ClickOrleans.Dashboard.Pages;

/// <summary>Throughput and backlog of every stage, and whether every message of the log is accounted for.</summary>
public sealed partial class Overview : LivePage
{
    /// <summary>Window of the moving average in seconds: samples and consumer reports are not exactly a second apart.</summary>
    private const int SmoothingSeconds = 3;

    /// <summary>The latest seconds are incomplete: consumers report once a second.</summary>
    private const int IncompleteSeconds = 2;

    /// <summary>Messages of all logs so far: consumed messages, and the lag of the current log.</summary>
    private long LogMessages => Now.Status!.Totals is var totals
        ? totals.Stored + totals.DeadLetters + totals.Lag + (Now.Balance is { } balance ? NotStored(balance) : 0)
        : 0;

    private IReadOnlyList<ChartLine> Throughput =>
    [
        new("appended", "line-b", AppendedBySecond()),
        new("stored", "line-a", Smooth([.. Now.StoredBySecond.SkipLast(IncompleteSeconds).SkipWhile(stored => stored == 0)])),
    ];

    private IReadOnlyList<ChartLine> Lag => [new("lag", "line-a", [.. Now.Samples.Select(sample => (double)sample.Lag)])];

    private IReadOnlyList<ChartLine> Age => [new("age", "line-a", [.. Now.Samples.Select(sample => sample.AgeSeconds)])];

    private static long NotStored(Pipeline.Store.StoreBalance balance) =>
        balance.Discarded + balance.Lost + balance.Duplicates + balance.Unexplained;

    private static string ProducersText(ProducersStatus producers) => producers.Count == 0
        ? "none desired"
        : $"{producers.Count:N0} desired, {(producers.RatePerSecond > 0 ? $"{producers.RatePerSecond:N0}/s" : "unlimited")}";

    private static string ConsumersText(ConsumersStatus consumers) =>
        consumers.Count == 0 ? "consumers paused" : $"{consumers.Count:N0} consumers";

    private static string IndexText(PipelineStatus status) => status switch
    {
        { Totals.IndexRejected: > 0 and var rejected } => $"{rejected:N0} rejected",
        { Aggregation.Running: true } => "run in progress",
        { Aggregation.Paused: true } => "aggregation paused",
        _ => "as of the last run",
    };

    private static List<double> Smooth(List<long> bySecond) =>
        [.. bySecond.Select((_, i) => bySecond[Math.Max(0, i - SmoothingSeconds + 1)..(i + 1)].Average())];

    private List<double> AppendedBySecond()
    {
        var samples = Now.Samples;
        var rates = new List<double>(samples.Count);
        for (var i = 1; i < samples.Count; i++)
        {
            var before = samples[Math.Max(0, i - SmoothingSeconds)];
            var seconds = (samples[i].At - before.At).TotalSeconds;
            rates.Add(seconds > 0 ? Math.Max(0, samples[i].Appended - before.Appended) / seconds : 0);
        }

        return rates;
    }
}
