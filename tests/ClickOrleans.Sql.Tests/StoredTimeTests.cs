using System.Text;

namespace ClickOrleans.Sql.Tests;

public sealed class StoredTimeTests
{
    [Theory]
    [InlineData("1970-01-01T00:00:00.000000Z")]
    [InlineData("2024-02-29T09:08:07.000060Z")]
    [InlineData("9999-12-31T23:59:59.999999Z")]
    public void Both_ways_of_writing_agree_and_are_read_back_as_utc(string text)
    {
        var time = StoredTime.Parse(text);
        var bytes = new byte[StoredTime.Length];

        StoredTime.Write(time, bytes);

        Assert.Equal(DateTimeKind.Utc, time.Kind);
        Assert.Equal(text, Encoding.ASCII.GetString(bytes));
        Assert.Equal(text, StoredTime.ToText(time));
    }

    [Fact]
    public void Fractions_of_a_microsecond_are_truncated_when_written_and_kept_when_read()
    {
        var time = DateTime.UnixEpoch.AddTicks(9_999_999);
        var bytes = new byte[StoredTime.Length];

        StoredTime.Write(time, bytes);

        Assert.Equal("1970-01-01T00:00:00.999999Z", Encoding.ASCII.GetString(bytes));
        Assert.Equal("1970-01-01T00:00:00.999999Z", StoredTime.ToText(time));
        Assert.Equal(time, StoredTime.Parse("1970-01-01T00:00:00.9999999Z"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2024-02-29 09:08:07.000060")]
    [InlineData("2024-02-29T09:08:07.000060")]
    [InlineData("2024-02-30T09:08:07.000060Z")]
    public void Text_that_is_not_a_time_in_utc_is_rejected(string text) =>
        Assert.Throws<FormatException>(() => StoredTime.Parse(text));

    [Fact]
    public void Text_order_is_time_order()
    {
        var random = new Random(1);
        var times = Enumerable.Range(0, 1000)
            .Select(_ => random.NextInt64(DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / 10 * 10)
            .Select(ticks => DateTime.UnixEpoch.AddTicks(ticks))
            .ToList();

        Assert.Equal(
            times.Order().Select(StoredTime.ToText),
            times.Select(StoredTime.ToText).Order(StringComparer.Ordinal));
    }
}
