namespace ClickOrleans.Kafka.Tests;

public sealed class MessageTimeTests
{
    [Theory]
    [InlineData(long.MinValue, "1970-01-01T00:00:00.0000000Z")]
    [InlineData(-1, "1970-01-01T00:00:00.0000000Z")]
    [InlineData(1_767_323_045_678, "2026-01-02T03:04:05.6780000Z")]
    [InlineData(1_767_323_045_678_000, "9999-12-31T23:59:59.9990000Z")]
    [InlineData(long.MaxValue, "9999-12-31T23:59:59.9990000Z")]
    public void Any_64_bits_are_a_time(long milliseconds, string expected) =>
        Assert.Equal(expected, MessageTime.ToUtc(milliseconds).ToString("O"));
}
