namespace ClickOrleans.Pipeline.Log;

/// <summary>A message to append. The key decides the partition; without one the log picks.</summary>
public readonly record struct LogMessage(ReadOnlyMemory<byte>? Key, ReadOnlyMemory<byte> Value)
{
    /// <summary>Without this one a null array would silently become an empty key, which is a key.</summary>
    public LogMessage(byte[]? key, byte[] value)
        : this(key is null ? (ReadOnlyMemory<byte>?)null : key.AsMemory(), value.AsMemory())
    {
    }
}
