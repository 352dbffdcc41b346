using System.Buffers;
using System.Text;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Wire;
using CsCheck;

namespace ClickOrleans.Pipeline.Tests.Wire;

public sealed class ClickEncoderTests
{
    private static readonly Click Sample = new(
        "u1",
        new DateTime(2024, 5, 6, 7, 8, 9, 10, 11, DateTimeKind.Utc),
        "/a?b=ü&c=<d>",
        "DE",
        "Köln",
        "Fire\"fox\\",
        "Linux\n",
        "\U0001F600");

    [Fact]
    public void A_click_is_written_with_the_eight_names_and_no_needless_escapes() => Assert.Equal(
        """{"user_id":"u1","timestamp":"2024-05-06T07:08:09.010011Z","url":"/a?b=ü"""
            + """&c=<d>","country":"DE","city":"Köln","browser":"Fire\"fox\\","os":"Linux\u000a","device":"😀"}""",
        Encoding.UTF8.GetString(ClickEncoder.Encode(Sample)));

    [Fact]
    public void An_event_id_is_written_behind_them() => Assert.EndsWith(
        ""","device":"😀","event_id":"3f2504e0-4f89-41d3-9a0c-0305e82c3301"}""",
        Encoding.UTF8.GetString(
            ClickEncoder.Encode(Sample with { EventId = new Guid("3F2504E0-4F89-41D3-9A0C-0305E82C3301") })),
        StringComparison.Ordinal);

    [Fact]
    public void Decoding_what_was_encoded_gives_the_same_click()
    {
        var decoder = new ClickDecoder();
        var clicks = new ClickColumns();

        WireGen.StorableClick.Sample(click =>
        {
            clicks.Clear();
            Assert.True(decoder.TryDecode(ClickEncoder.Encode(click), 3, clicks, out var fault), fault.Error);
            Assert.Equal(click, clicks[0]);
        }, iter: 20_000, threads: 1);
    }

    [Fact]
    public void Both_ways_of_encoding_write_the_same()
    {
        var buffer = new ArrayBufferWriter<byte>(16);

        WireGen.StorableClick.Sample(click =>
        {
            var start = buffer.WrittenCount;
            var length = ClickEncoder.Encode(click, buffer);
            Assert.Equal(ClickEncoder.Encode(click), buffer.WrittenSpan[start..].ToArray());
            Assert.Equal(buffer.WrittenCount - start, length);
        }, iter: 1_000, threads: 1);
    }

    [Fact]
    public void What_no_store_keeps_is_written_as_it_is()
    {
        // Not as a theory: an attribute cannot hold a lone surrogate.
        (string City, string Expected)[] examples =
        [
            ("a\0b", "a\\u0000b"),
            ("\ud83d", "\\ud83d"),
            ("\ude00\ud83d", "\\ude00\\ud83d"),
            ("\ud83d\ud83d\ude00", "\\ud83d\U0001F600"),
        ];

        foreach (var (city, expected) in examples)
        {
            var message = ClickEncoder.Encode(Sample with { City = city });

            Assert.Contains($"\"city\":\"{expected}\"", Encoding.UTF8.GetString(message));
            Assert.False(new ClickDecoder().TryDecode(message, 0, new ClickColumns(), out var fault));
            Assert.Equal(DeadLetterReason.UnstorableText, fault.Reason);
        }
    }

    [Fact]
    public void Writing_into_a_buffer_costs_no_memory()
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        ClickEncoder.Encode(Sample, buffer);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 50; round++)
        {
            ClickEncoder.Encode(Sample, buffer);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
