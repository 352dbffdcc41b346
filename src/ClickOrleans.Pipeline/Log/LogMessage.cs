namespace ClickOrleans.Pipeline.Log;

/// <summary>A message to append. The key decides the partition; without one the log picks.</summary>
public readonly record struct LogMessage(ReadOnlyMemory<byte>? Key, ReadOnlyMemory<byte> Value);
