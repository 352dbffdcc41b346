using System.Text;
using ClickOrleans.Sql;

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
    public void Text_order_is_time_order()
    {
        var random = new Random(1);
        var times = Enumerable.Range(0, 1000)
            .Select(_ => DateTime.UnixEpoch.AddTicks(random.NextInt64(DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / 10 * 10)).ToList();

        Assert.Equal(times.Order().Select(StoredTime.ToText), times.Select(StoredTime.ToText).Order(StringComparer.Ordinal));
    }
}
