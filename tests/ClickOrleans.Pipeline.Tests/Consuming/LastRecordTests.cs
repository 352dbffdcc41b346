using System.Text;
using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Pipeline.Tests.Consuming;

public sealed class LastRecordTests
{
    private readonly LastRecord _last = new();

    [Fact]
    public void It_is_the_mark_of_the_last_message_whatever_the_sizes_before()
    {
        int[] sizes = [0, 10, 5_000, 20_000, 3, 16_384, 1_000_000, 7];
        Assert.Null(_last.Mark);

        for (var offset = 0; offset < sizes.Length; offset++)
        {
            var message = Message(offset, new string('v', sizes[offset]));
            _last.Visit(message);
            if (offset % 2 == 0)
            {
                Assert.Equal(RecordMark.Of(message), _last.Mark);
            }
        }

        Assert.Equal(RecordMark.Of(Message(7, "vvvvvvv")), _last.Mark);
    }

    [Fact]
    public void Cleared_it_has_none()
    {
        _last.Visit(Message(1, "value"));

        _last.Clear();

        Assert.Null(_last.Mark);
    }

    private static ReceivedMessage Message(long offset, string value) => new()
    {
        Offset = offset,
        AppendedAt = default,
        HasKey = offset % 3 != 0,
        Key = offset % 3 == 0 ? default : "key"u8,
        HasValue = true,
        Value = Encoding.UTF8.GetBytes(value),
        LeaderEpoch = (int)offset,
    };
}
