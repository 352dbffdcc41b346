using ClickOrleans.Pipeline.Consuming;

namespace ClickOrleans.Grains.Consuming;

/// <summary>Consumer <c>i</c> of <c>N</c>; its key is <c>i</c>.</summary>
[Alias("ClickOrleans.IPartitionConsumerGrain")]
public interface IPartitionConsumerGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Consumes the partitions that are this consumer's share. The word holds for half a minute: a consumer that the pipeline
    /// grain has forgotten stops by itself.
    /// </summary>
    [Alias("Ensure")]
    Task<ConsumerReport> EnsureAsync(int consumers, int partitions);

    /// <summary>Stores what is in hand and stops.</summary>
    [Alias("Stop")]
    Task StopAsync();
}

[GenerateSerializer]
[Alias("ClickOrleans.ConsumerReport")]
public sealed record ConsumerReport(
    [property: Id(0)] int Consumer, [property: Id(1)] string Silo, [property: Id(2)] IReadOnlyList<PartitionReport> Partitions);
