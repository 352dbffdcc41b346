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

/// <summary>How <see cref="PartitionReport"/>, which knows no Orleans, travels between silos.</summary>
[GenerateSerializer]
[Alias("ClickOrleans.PartitionReport")]
public struct PartitionReportSurrogate
{
    [Id(0)]
    public int Partition;

    [Id(1)]
    public PartitionState State;

    [Id(2)]
    public long? NextOffset;

    [Id(3)]
    public long Stored;

    [Id(4)]
    public long DeadLetters;

    [Id(5)]
    public long FenceRefusals;

    [Id(6)]
    public DateTime? OldestInHand;

    [Id(7)]
    public string? Error;
}

[RegisterConverter]
public sealed class PartitionReportConverter : IConverter<PartitionReport, PartitionReportSurrogate>
{
    public PartitionReport ConvertFromSurrogate(in PartitionReportSurrogate surrogate) => new(
        surrogate.Partition, surrogate.State, surrogate.NextOffset, surrogate.Stored, surrogate.DeadLetters, surrogate.FenceRefusals,
        surrogate.OldestInHand, surrogate.Error);

    public PartitionReportSurrogate ConvertToSurrogate(in PartitionReport value) => new()
    {
        Partition = value.Partition,
        State = value.State,
        NextOffset = value.NextOffset,
        Stored = value.Stored,
        DeadLetters = value.DeadLetters,
        FenceRefusals = value.FenceRefusals,
        OldestInHand = value.OldestInHand,
        Error = value.Error,
    };
}
