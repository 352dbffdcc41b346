using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ClickOrleans.Pipeline.DeadLetters;

namespace ClickOrleans.Pipeline.Wire;

/// <summary>
/// Words for what was wrong. They go into the same stores as the clicks: bounded in length, no U+0000, no lone surrogate. Values
/// are quoted as they stand in the JSON, where a valid message has neither: both can only be written there as escapes.
/// </summary>
internal static class DecodeErrors
{
    private const int LongestQuote = 100;

    public static DecodeError Empty(ReadOnlySpan<byte> message) => new(
        DeadLetterReason.Empty,
        message.IsEmpty ? "The message has no value." : "The message is nothing but a byte order mark.");

    public static DecodeError NotUtf8(ReadOnlySpan<byte> message)
    {
        Span<char> chars = stackalloc char[512];
        var position = 0;
        while (Utf8.ToUtf16(message[position..], chars, out var read, out _, replaceInvalidSequences: false)
            == System.Buffers.OperationStatus.DestinationTooSmall)
        {
            position += read;
        }

        Utf8.ToUtf16(message[position..], chars, out var valid, out _, replaceInvalidSequences: false);
        return new(DeadLetterReason.MalformedJson, $"Not UTF-8 at byte {position + valid + 1}.");
    }

    public static DecodeError NotJson(JsonException exception) => new(
        DeadLetterReason.MalformedJson,
        $"Not one JSON value: wrong at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.");

    public static DecodeError Unreadable(Exception exception) => new(
        DeadLetterReason.MalformedJson, $"Reading the message failed: {exception.GetType().Name}.");

    public static DecodeError WrongShape(JsonTokenType shape, int elements) => new(
        DeadLetterReason.WrongShape,
        shape == JsonTokenType.StartArray
            ? $"An array of {elements} elements; a click is one of exactly {ClickFields.Count}, or an object."
            : $"{Noun(shape)}; a click is an object, or an array of exactly {ClickFields.Count} elements.");

    /// <summary>Names every field that has this fault.</summary>
    public static DecodeError Fields(
        DeadLetterReason reason, ReadOnlySpan<byte> json, ReadOnlySpan<JsonSlot> slots, ReadOnlySpan<DeadLetterReason> verdicts)
    {
        var text = new StringBuilder();
        for (var field = ClickField.UserId; field <= ClickField.Device; field++)
        {
            if (verdicts[(int)field] == reason)
            {
                text.Append(text.Length == 0 ? "" : "; ").Append(field.Name()).Append(' ');
                Describe(text, reason, field, slots[(int)field], json);
            }
        }

        return new(reason, text.Append('.').ToString());
    }

    private static void Describe(
        StringBuilder text, DeadLetterReason reason, ClickField field, in JsonSlot slot, ReadOnlySpan<byte> json)
    {
        switch (reason)
        {
            case DeadLetterReason.MissingField:
                text.Append(slot.Type switch
                {
                    JsonTokenType.None => "is absent",
                    JsonTokenType.Null => "is null",
                    _ => "is empty",
                });
                return;
            case DeadLetterReason.WrongType:
                text.Append(field == ClickField.Timestamp ? "is neither a string nor a number" : "is not a string");
                break;
            case DeadLetterReason.TooLong:
                var bytes = slot.IsEscaped ? JsonText.Unescape(slot.In(json), [], out _) : slot.Length;
                text.Append("has ").Append(bytes).Append(" bytes, more than ").Append(field.Limit());
                break;
            case DeadLetterReason.BadTimestamp:
                text.Append(ClickTimestamp.IsEpochSeconds(slot.In(json))
                    ? "looks like epoch seconds; "
                    : "has none of the accepted forms; ").Append(ClickTimestamp.AcceptedForms);
                break;
            default:
                text.Append("holds U+0000 or half of a surrogate pair");
                break;
        }

        text.Append(": ");
        Quote(text, slot.In(json));
    }

    private static void Quote(StringBuilder text, ReadOnlySpan<byte> json)
    {
        Span<char> chars = stackalloc char[LongestQuote];

        // Stops in front of the first character that does not fit, never within one.
        Utf8.ToUtf16(json, chars, out var read, out var written);
        text.Append(chars[..written]).Append(read < json.Length ? "..." : "");
    }

    private static string Noun(JsonTokenType type) => type switch
    {
        JsonTokenType.String => "A string",
        JsonTokenType.Number => "A number",
        JsonTokenType.Null => "null",
        _ => "A truth value",
    };
}
