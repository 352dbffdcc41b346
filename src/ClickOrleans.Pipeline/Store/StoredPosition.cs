using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Pipeline.Store;

/// <summary>Where a partition is to be read from.</summary>
/// <param name="LogId">
/// The number under which rows name the partition: the log's, or where the partition was adopted one of its own.
/// </param>
/// <param name="StartOffset">Where it was first read from.</param>
/// <param name="NextOffset">Everything below is stored.</param>
/// <param name="LastRecord">The last record that was read, at an offset below; null where none is known.</param>
/// <param name="DivergedOffset">
/// Set while the partition is stopped because its log went back: at this offset, at the latest, the log is another than what was
/// read. No commit passes until an operator has decided.
/// </param>
/// <param name="Revision">Raised by whatever inserts clicks beside the consumer.</param>
public sealed record StoredPosition(
    short LogId, long StartOffset, long NextOffset, RecordMark? LastRecord = null, long? DivergedOffset = null,
    long Revision = 0);

/// <summary>
/// Gives a partition whose log went back a number of its own, under which it is read again from the divergence on.
/// </summary>
/// <param name="LogId">The number that the log is registered under.</param>
/// <param name="Replaced">What is stored of it until now, under that number or an adopted one.</param>
/// <param name="StartOffset">From here on the log is another.</param>
/// <param name="LastRecord">The record before, if the log holds one.</param>
public sealed record PartitionAdoption(
    short LogId, int Partition, StoredPosition Replaced, long StartOffset, RecordMark? LastRecord, DateTime At);

/// <summary>Lets a partition whose log went back go on at its offset.</summary>
/// <param name="Stopped">What is stored of it.</param>
/// <param name="Diverged">
/// Where the log holds other records than were read; empty where it holds again what was. More than one where the partition was
/// adopted before, and the log went back behind that.
/// </param>
/// <param name="LastRecord">The log's last record below the stored offset.</param>
public sealed record DivergenceAcceptance(
    int Partition, StoredPosition Stopped, IReadOnlyList<ReadRange> Diverged, RecordMark? LastRecord, DateTime At);

/// <summary>Offsets of a partition that were read under a number.</summary>
public sealed record ReadRange(short LogId, OffsetRange Offsets);
