namespace ClickOrleans.Dashboard.Live;

/// <summary>Throughput of each stage over the last ten seconds. After a counter reset the rate is 0.</summary>
/// <param name="ByPartition">Offsets consumed per second, by partition.</param>
public sealed record Rates(double Produced, double Appended, double Stored, double Folded, IReadOnlyList<double> ByPartition)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    public static readonly Rates None = new(0, 0, 0, 0, []);

    /// <param name="samples">Oldest first.</param>
    public static Rates Of(IReadOnlyList<Sample> samples)
    {
        if (samples.Count < 2)
        {
            return None;
        }

        var last = samples[^1];
        var first = samples.First(sample => last.At - sample.At <= Window);
        var seconds = (last.At - first.At).TotalSeconds;
        if (seconds <= 0)
        {
            return None;
        }

        return new Rates(
            PerSecond(sample => sample.Produced),
            PerSecond(sample => sample.Appended),
            PerSecond(sample => sample.Stored),
            PerSecond(sample => sample.Folded),
            [.. last.NextOffsets.Select((next, partition) =>
                partition < first.NextOffsets.Count ? Math.Max(0, next - first.NextOffsets[partition]) / seconds : 0)]);

        double PerSecond(Func<Sample, long> counter) => Math.Max(0, counter(last) - counter(first)) / seconds;
    }

    public double OfPartition(int partition) => partition < ByPartition.Count ? ByPartition[partition] : 0;
}
