namespace ClickOrleans.Grains.Statistics;

/// <summary>What the cluster stores right now; its key is 0.</summary>
[Alias("ClickOrleans.ILiveStatisticsGrain")]
public interface ILiveStatisticsGrain : IGrainWithIntegerKey
{
    [Alias("Get")]
    Task<LiveStatistics> GetAsync();
}

/// <param name="StoredPerSecond">Clicks stored per second, over the last ten seconds.</param>
/// <param name="DeadLettersPerSecond">Likewise dead letters.</param>
/// <param name="Seconds">Clicks stored in each of the last seconds, oldest first; at most five minutes.</param>
[GenerateSerializer]
[Alias("ClickOrleans.LiveStatistics")]
public sealed record LiveStatistics(
    [property: Id(0)] double StoredPerSecond,
    [property: Id(1)] double DeadLettersPerSecond,
    [property: Id(2)] IReadOnlyList<long> Seconds);
