using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace ClickOrleans.Pipeline.Store;

/// <summary>
/// What clicks hold, in 64 bits: the exclusive or of each click's XXH3 over its offset and its fields as a message has them
/// (texts in UTF-16, the time in microseconds, the event id if there is one). Any order of the clicks gives the same; what is
/// derived from a click, such as its visitor, is no part of it. Stores keep it: it must be the same in every version.
/// </summary>
public static class ClickDigest
{
    public static long Of(ClickColumns clicks)
    {
        var digest = 0L;
        for (var row = 0; row < clicks.Count; row++)
        {
            digest ^= Of(
                clicks.Offsets[row],
                clicks.Timestamps[row],
                clicks.EventIds.Count > 0 ? clicks.EventIds[row] : null,
                clicks.UserIds[row],
                clicks.Urls[row],
                clicks.Countries[row],
                clicks.Cities[row],
                clicks.Browsers[row],
                clicks.OperatingSystems[row],
                clicks.Devices[row]);
        }

        return digest;
    }

    public static long Of(long offset, Click click) => Of(
        offset, click.Timestamp, click.EventId, click.UserId, click.Url, click.Country, click.City, click.Browser, click.Os,
        click.Device);

    private static long Of(long offset, DateTime timestamp, Guid? eventId, params ReadOnlySpan<string> texts)
    {
        ReadOnlySpan<long> numbers = [offset, timestamp.Ticks / TimeSpan.TicksPerMicrosecond];
        var hash = (long)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(numbers));
        foreach (var text in texts)
        {
            // The hash so far is the seed of the next, so that no text counts as part of its neighbour.
            hash = (long)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()), hash);
        }

        if (eventId is not { } id)
        {
            return hash;
        }

        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return (long)XxHash3.HashToUInt64(bytes, hash);
    }
}
