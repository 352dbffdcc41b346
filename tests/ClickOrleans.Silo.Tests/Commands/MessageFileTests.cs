using System.IO.Compression;
using System.Text;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Silo.Commands;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Silo.Tests.Commands;

public sealed class MessageFileTests : IDisposable
{
    private const string Click =
        """["ann","2026-01-02T03:04:05Z","https://shop.example/é","France","Paris","Firefox","Linux","desktop"]""";

    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("clicks");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", false)]
    public void Clicks_are_recognised_in_UTF8_and_UTF16_and_gzip(string encoding, bool isCompressed)
    {
        foreach (var withMark in new[] { false, true })
        {
            var text = Encoding.GetEncoding(encoding);
            Write([.. withMark ? text.GetPreamble() : [], .. text.GetBytes($"{Click}\n{Click}\n")], isCompressed);

            var messages = Read();

            Assert.Equal([true, true], messages.Select(message => message.IsClick));
            Assert.All(messages, message => Assert.Equal("ann", Encoding.UTF8.GetString(message.Message.Key!.Value.Span)));
        }
    }

    [Fact]
    public void Lines_that_are_no_clicks_are_told_apart()
    {
        Write(Encoding.UTF8.GetBytes($"{Click}\nnonsense\n\n{Click}"), isCompressed: false);

        Assert.Equal([true, false, false, true], Read().Select(message => message.IsClick));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("ab")]
    public void A_short_file_is_read_whole(string text)
    {
        Write(Encoding.UTF8.GetBytes(text), isCompressed: false);

        Assert.Equal(text, string.Concat(Read().Select(message => Encoding.UTF8.GetString(message.Message.Value.Span))));
    }

    [Fact]
    public void A_line_that_is_too_long_is_named()
    {
        Write(Encoding.UTF8.GetBytes($"short\n{new string('x', 1_001)}\nshort\n"), isCompressed: false);

        var refusal = Assert.Throws<StartupException>(() => Read(longest: 1_000));

        Assert.Equal($"{File}: line 2 has more than 1,000 bytes, the most that a message may have", refusal.Message);
    }

    [Theory]
    [InlineData("clicks.txt", 3, "clicks.txt: line 5004 is the first that was not acknowledged; 2 of 9 messages were not")]
    [InlineData("clicks.txt", null, "2 of 9 messages were not")]
    [InlineData(null, 3, "2 of 9 messages were not")]
    public void A_line_that_the_log_refuses_is_named_where_the_log_says_which_it_is(string? file, int? first, string expected)
    {
        var refusal = new LogAppendException(2, 9, "too large") { First = first };

        Assert.StartsWith(expected, ProduceCommand.Named(refusal, file, before: 5_000).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_only_begins_like_gzip_cannot_be_read()
    {
        Write([0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], isCompressed: false);

        var refusal = Assert.Throws<StartupException>(() => Read());

        Assert.StartsWith($"{File} cannot be read: ", refusal.Message, StringComparison.Ordinal);
    }

    private void Write(byte[] bytes, bool isCompressed)
    {
        using var file = System.IO.File.Create(File);
        using Stream stream = isCompressed ? new GZipStream(file, CompressionMode.Compress) : file;
        stream.Write(bytes);
    }

    private List<ProducedMessage> Read(int longest = 100_000)
    {
        using var file = MessageFile.Open(File);
        return [.. file.Read(longest)];
    }
}
