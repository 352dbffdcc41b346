namespace ClickOrleans.Pipeline.Producing;

/// <summary>Draws event ids.</summary>
internal static class EventIds
{
    /// <summary>A random UUID (version 4, RFC 9562).</summary>
    public static Guid Draw(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
