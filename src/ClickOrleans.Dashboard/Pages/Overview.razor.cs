using ClickOrleans.Dashboard.Live;
using ClickOrleans.Dashboard.Parts;
using ClickOrleans.Pipeline.Status;

namespace ClickOrleans.Dashboard.Pages;

/// <summary>The way of one click with live numbers on it, and whether they add up.</summary>
public sealed partial class Overview : LivePage
{
    /// <summary>Seconds that a rate is taken over: neither readings nor what consumers tell come exactly a second apart.</summary>
    private const int Span = 3;

    /// <summary>Seconds of which the consumers have not told everything yet: they tell once a second.</summary>
    private const int NotYetHeard = 2;

    /// <summary>Of all logs there were: what became of what was read of them, and what waits in today's.</summary>
    private long InLogNow => Now.Status!.Totals is var totals
        ? totals.Stored + totals.DeadLetters + totals.Lag + (Now.Balance is { } balance ? balance.Discarded + balance.Lost + balance.Unexplained : 0)
        : 0;

    private IReadOnlyList<ChartLine> Throughput =>
    [
        new("appended", "line-b", AppendedBySecond()),
        new("stored", "line-a", Smooth([.. Now.StoredBySecond.SkipLast(NotYetHeard).SkipWhile(stored => stored == 0)])),
    ];

    private IReadOnlyList<ChartLine> Lag => [new("waiting", "line-a", [.. Now.Samples.Select(sample => (double)sample.Lag)])];

    private IReadOnlyList<ChartLine> Age => [new("age", "line-a", [.. Now.Samples.Select(sample => sample.AgeSeconds)])];

    private static string ProducersText(ProducersStatus producers) => producers.Count == 0
        ? "none wanted"
        : $"{producers.Count:N0} wanted, {(producers.RatePerSecond > 0 ? $"{producers.RatePerSecond:N0}/s" : "as fast as it goes")}";

    private static string ConsumersText(ConsumersStatus consumers) =>
        consumers.Count == 0 ? "consumers paused" : $"{consumers.Count:N0} consumers";

    private static string IndexText(PipelineStatus status) => status.Totals.IndexRejected > 0
        ? $"{status.Totals.IndexRejected:N0} refused"
        : status.Aggregation.Running ? "a run is under way" : status.Aggregation.Paused ? "aggregation paused" : "up to the last run";

    private static List<double> Smooth(List<long> bySecond) =>
        [.. bySecond.Select((_, i) => bySecond[Math.Max(0, i - Span + 1)..(i + 1)].Average())];

    private List<double> AppendedBySecond()
    {
        var samples = Now.Samples;
        var rates = new List<double>(samples.Count);
        for (var i = 1; i < samples.Count; i++)
        {
            var before = samples[Math.Max(0, i - Span)];
            var seconds = (samples[i].At - before.At).TotalSeconds;
            rates.Add(seconds > 0 ? Math.Max(0, samples[i].Appended - before.Appended) / seconds : 0);
        }

        return rates;
    }
}
