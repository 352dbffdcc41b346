namespace ClickOrleans.Pipeline.Log;

/// <summary>A message with memory of its own.</summary>
/// <param name="Mark">What identifies it.</param>
/// <param name="IsProducerTime">As <see cref="ReceivedMessage.IsProducerTime"/>.</param>
public sealed record RawMessage(
    long Offset, DateTime AppendedAt, byte[]? Key, byte[]? Value, RecordMark Mark, bool IsProducerTime = false);
