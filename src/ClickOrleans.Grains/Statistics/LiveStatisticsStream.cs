using Orleans.Streams;

namespace ClickOrleans.Grains.Statistics;

/// <summary>The Orleans stream on which consumers publish their commits.</summary>
public static class LiveStatisticsStream
{
    public const string Provider = "live";
    public const string Namespace = "commits";

    internal static IAsyncStream<CommitSummary> Of(IStreamProvider provider) =>
        provider.GetStream<CommitSummary>(StreamId.Create(Namespace, 0));
}
