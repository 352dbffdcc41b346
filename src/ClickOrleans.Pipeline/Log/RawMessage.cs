namespace ClickOrleans.Pipeline.Log;

/// <summary>A message with memory of its own.</summary>
/// <param name="IsProducerTime">As <see cref="ReceivedMessage.IsProducerTime"/>.</param>
public sealed record RawMessage(long Offset, DateTime AppendedAt, byte[]? Key, byte[]? Value, bool IsProducerTime = false);
