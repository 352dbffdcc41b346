using ClickOrleans.Pipeline.Configuration;

namespace ClickOrleans.Pipeline.Tests.Configuration;

public sealed class DurationTests
{
    [Theory]
    [InlineData("1", "00:00:01")]
    [InlineData("90", "00:01:30")]
    [InlineData("0.5", "00:00:00.5")]
    [InlineData("1e2", "00:01:40")]
    [InlineData("-1", "-00:00:01")]
    [InlineData("00:00:05", "00:00:05")]
    [InlineData("00:00:00.1", "00:00:00.1")]
    [InlineData("01:30:00", "01:30:00")]
    [InlineData("1.00:00:00", "1.00:00:00")]
    [InlineData("30.12:00:00", "30.12:00:00")]
    [InlineData(" 00:00:05 ", "00:00:05")]
    public void A_plain_number_is_seconds_anything_else_hours_minutes_and_seconds(string text, string expected)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.ParseExact(expected, "c", null), duration);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("1:30")]
    [InlineData("24:00:00")]
    [InlineData("00:60:00")]
    [InlineData("1:00:00:00")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e300")]
    [InlineData("5 s")]
    public void What_could_be_read_in_two_ways_or_in_none_is_refused(string? text) =>
        Assert.False(Duration.TryParse(text, out _));

    [Theory]
    [InlineData("00:00:05")]
    [InlineData("00:00:00.1")]
    [InlineData("1.00:00:00")]
    [InlineData("00:00:00.0000001")]
    public void Its_text_is_read_as_the_same(string text)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(text, Duration.ToText(duration));
    }
}
