namespace ClickOrleans.Kafka;

/// <summary>A message's timestamp, which its producer may have set to anything that fits 64 bits.</summary>
internal static class MessageTime
{
    /// <summary>9999-12-31T23:59:59.999Z; behind it <see cref="DateTime"/> ends, and databases read infinity.</summary>
    private const long LatestMilliseconds = 253_402_300_799_999;

    /// <summary>The nearest time that can be represented; the epoch where there is none (-1).</summary>
    public static DateTime ToUtc(long unixMilliseconds) =>
        DateTime.UnixEpoch.AddMilliseconds(Math.Clamp(unixMilliseconds, 0, LatestMilliseconds));
}
