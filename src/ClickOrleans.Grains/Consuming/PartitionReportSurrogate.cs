using ClickOrleans.Pipeline.Consuming;

namespace ClickOrleans.Grains.Consuming;

/// <summary>How <see cref="PartitionReport"/>, which knows no Orleans, travels between silos.</summary>
[GenerateSerializer]
[Alias("ClickOrleans.PartitionReport")]
public struct PartitionReportSurrogate
{
    [Id(0)]
    public int Partition { get; set; }

    [Id(1)]
    public PartitionState State { get; set; }

    [Id(2)]
    public long? NextOffset { get; set; }

    [Id(3)]
    public long Stored { get; set; }

    [Id(4)]
    public long DeadLetters { get; set; }

    [Id(5)]
    public long FenceRefusals { get; set; }

    [Id(6)]
    public DateTime? OldestPending { get; set; }

    [Id(7)]
    public string? Error { get; set; }
}

[RegisterConverter]
public sealed class PartitionReportConverter : IConverter<PartitionReport, PartitionReportSurrogate>
{
    public PartitionReport ConvertFromSurrogate(in PartitionReportSurrogate surrogate) => new(
        surrogate.Partition,
        surrogate.State,
        surrogate.NextOffset,
        surrogate.Stored,
        surrogate.DeadLetters,
        surrogate.FenceRefusals,
        surrogate.OldestPending,
        surrogate.Error);

    public PartitionReportSurrogate ConvertToSurrogate(in PartitionReport value) => new()
    {
        Partition = value.Partition,
        State = value.State,
        NextOffset = value.NextOffset,
        Stored = value.Stored,
        DeadLetters = value.DeadLetters,
        FenceRefusals = value.FenceRefusals,
        OldestPending = value.OldestPending,
        Error = value.Error,
    };
}
