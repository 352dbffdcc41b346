namespace ClickOrleans.Pipeline.Log;

/// <summary>A message with memory of its own.</summary>
public sealed record RawMessage(long Offset, DateTime AppendedAt, byte[]? Key, byte[]? Value);
