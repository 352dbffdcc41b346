namespace ClickOrleans.Pipeline.Consuming;

/// <summary>A partition's consumer as of now.</summary>
/// <param name="NextOffset">Everything below is stored; null until it is known.</param>
/// <param name="Stored">Clicks this consumer has stored since it began.</param>
/// <param name="DeadLetters">Dead letters this consumer has stored since it began.</param>
/// <param name="FenceRefusals">Commits of this consumer that the fence refused.</param>
/// <param name="OldestPending">
/// When the oldest message read but not yet stored was appended; null where there is none, or only its producer says when.
/// </param>
public sealed record PartitionReport(
    int Partition,
    PartitionState State,
    long? NextOffset,
    long Stored,
    long DeadLetters,
    long FenceRefusals,
    DateTime? OldestPending,
    string? Error);
