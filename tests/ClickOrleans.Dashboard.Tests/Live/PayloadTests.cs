using System.Text;
using ClickOrleans.Dashboard.Live;

namespace ClickOrleans.Dashboard.Tests.Live;

public sealed class PayloadTests
{
    [Fact]
    public void Text_is_unchanged_except_for_visible_control_characters()
    {
        Assert.Equal("a<b>\u2400\u241b\nä", Payload.Text(Encoding.UTF8.GetBytes("a<b>\0\u001b\nä")));
        Assert.Null(Payload.Text([0xff, 0xfe]));
        Assert.Null(Payload.Text(null));
    }

    [Fact]
    public void A_long_text_is_truncated() =>
        Assert.Equal(Payload.MaxLength + 4, Payload.Text(Encoding.ASCII.GetBytes(new string('x', 100_000)))!.Length);

    [Fact]
    public void Bytes_are_shown_sixteen_to_a_line_with_their_ascii()
    {
        var lines = Payload.Hex([.. Encoding.ASCII.GetBytes("sixteen letters!"), 0x00, 0xff])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("0000  73 69 78 74 65 65 6e 20  6c 65 74 74 65 72 73 21  sixteen letters!", lines[0]);
        Assert.Equal("0010  00 ff", lines[1][..11]);
        Assert.EndsWith(" ..", lines[1], StringComparison.Ordinal);
        Assert.Equal("", Payload.Hex(null));
    }
}
