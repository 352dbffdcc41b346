using System.Text.Json;
using System.Text.Unicode;
using ClickOrleans.Pipeline.DeadLetters;

namespace ClickOrleans.Pipeline.Wire;

/// <summary>
/// Turns a message's value into a click, or says why it is none. One decoder per thread: it keeps texts it has seen.
/// </summary>
/// <remarks>
/// The whole message is read before a field is judged: of a repeated name the last counts, and of several faults the first in
/// <see cref="DeadLetterReason"/>'s order, wherever they stand. What the decoder keeps is bounded (<see cref="TextPool"/>).
/// </remarks>
public sealed class ClickDecoder
{
    private const DeadLetterReason Fine = (DeadLetterReason)(-1);

    private static readonly JsonReaderOptions Options = new()
    {
        // Nesting is limited by the message's size alone; the reader keeps one bit for each level, and no stack.
        MaxDepth = int.MaxValue,
        CommentHandling = JsonCommentHandling.Disallow,
        AllowTrailingCommas = false,
    };

    // Visitors come and go; with a pool of their own they do not push out the few hundred other texts.
    private readonly TextPool _visitors = new(capacity: 32_768, longest: ClickLimits.OtherText);
    private readonly TextPool _texts = new(capacity: 8_192, longest: 256);
    private readonly byte[] _unescaped = new byte[ClickLimits.Url];
    private readonly string[] _values = new string[ClickFields.Count];
    private VisitorKey _key;
    private long _visitor;

    /// <summary>Decodes one value and, if it is a click, adds it to <paramref name="into"/>; else nothing is added.</summary>
    public bool TryDecode(ReadOnlySpan<byte> value, long offset, ClickColumns into, out DecodeError fault)
    {
        var json = value.StartsWith("\uFEFF"u8) ? value[3..] : value;
        if (json.IsEmpty)
        {
            fault = DecodeErrors.Empty(value);
            return false;
        }

        if (!Utf8.IsValid(json))
        {
            fault = DecodeErrors.NotUtf8(value);
            return false;
        }

        Span<JsonSlot> slots = stackalloc JsonSlot[ClickFields.CountWithId];
        slots.Clear();
        try
        {
            return TryFindFields(json, slots, out fault) && TryJudge(json, slots, offset, into, out fault);
        }
        catch (JsonException exception)
        {
            fault = DecodeErrors.NotJson(exception);
            return false;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // No message is known that gets here. One that did would stop its partition for ever, being read again and again.
            fault = DecodeErrors.Unreadable(exception);
            return false;
        }
    }

    /// <exception cref="JsonException">The message is not one JSON value.</exception>
    private static bool TryFindFields(ReadOnlySpan<byte> json, Span<JsonSlot> slots, out DecodeError fault)
    {
        var reader = new Utf8JsonReader(json, Options);
        reader.Read();
        var shape = reader.TokenType;
        var elements = 0;
        if (shape == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var field = FindField(ref reader);
                reader.Read();
                var slot = TakeValue(ref reader);
                if (field >= 0)
                {
                    slots[field] = slot;
                }
            }
        }
        else if (shape == JsonTokenType.StartArray)
        {
            for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; elements++)
            {
                var slot = TakeValue(ref reader);
                if (elements < ClickFields.Count)
                {
                    slots[elements] = slot;
                }
            }
        }

        // Reads to the end, so that anything behind the value is noticed.
        reader.Read();
        if (shape == JsonTokenType.StartObject || (shape == JsonTokenType.StartArray && elements == ClickFields.Count))
        {
            fault = default;
            return true;
        }

        fault = DecodeErrors.WrongShape(shape, elements);
        return false;
    }

    private static int FindField(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return ClickFields.Find(reader.ValueSpan);
        }

        Span<byte> name = stackalloc byte[ClickFields.LongestName];
        var length = JsonText.Unescape(reader.ValueSpan, name, out _);
        return length <= name.Length ? ClickFields.Find(name[..length]) : -1;
    }

    private static JsonSlot TakeValue(ref Utf8JsonReader reader)
    {
        var type = reader.TokenType;
        var start = (int)reader.TokenStartIndex;
        switch (type)
        {
            case JsonTokenType.String:
                return new JsonSlot(type, reader.ValueIsEscaped, start + 1, reader.ValueSpan.Length);
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                reader.Skip();
                break;
        }

        return new JsonSlot(type, IsEscaped: false, start, (int)reader.BytesConsumed - start);
    }

    private bool TryJudge(
        ReadOnlySpan<byte> json, ReadOnlySpan<JsonSlot> slots, long offset, ClickColumns into, out DecodeError fault)
    {
        _key = into.Key;
        Span<DeadLetterReason> verdicts = stackalloc DeadLetterReason[ClickFields.Count];
        var worst = verdicts[(int)ClickField.Timestamp] =
            JudgeTimestamp(json, slots[(int)ClickField.Timestamp], out var timestamp);
        for (var field = ClickField.UserId; field <= ClickField.Device; field++)
        {
            if (field == ClickField.Timestamp)
            {
                continue;
            }

            var verdict = verdicts[(int)field] = JudgeText(json, slots[(int)field], field, out _values[(int)field]);
            if (verdict != Fine && (worst == Fine || verdict < worst))
            {
                worst = verdict;
            }
        }

        if (worst != Fine)
        {
            fault = DecodeErrors.Fields(worst, json, slots, verdicts);
            return false;
        }

        into.Offsets.Add(offset);
        into.UserIds.Add(_values[(int)ClickField.UserId]);
        into.Timestamps.Add(timestamp);
        into.Urls.Add(_values[(int)ClickField.Url]);
        into.Countries.Add(_values[(int)ClickField.Country]);
        into.Cities.Add(_values[(int)ClickField.City]);
        into.Browsers.Add(_values[(int)ClickField.Browser]);
        into.OperatingSystems.Add(_values[(int)ClickField.Os]);
        into.Devices.Add(_values[(int)ClickField.Device]);
        into.Visitors.Add(_visitor);
        AddEventId(json, slots[(int)ClickField.EventId], into);
        fault = default;
        return true;
    }

    private static void AddEventId(ReadOnlySpan<byte> json, in JsonSlot slot, ClickColumns into)
    {
        var isAbsent = slot.Type is JsonTokenType.None or JsonTokenType.Null;
        if (isAbsent || !EventIdText.TryParse(json, slot, out var id))
        {
            into.UnusableEventIds += isAbsent ? 0 : 1;
            into.AddEventId(null);
            return;
        }

        into.AddEventId(id);
    }

    private DeadLetterReason JudgeText(ReadOnlySpan<byte> json, in JsonSlot slot, ClickField field, out string text)
    {
        text = "";
        if (slot.Type is JsonTokenType.None or JsonTokenType.Null)
        {
            return DeadLetterReason.MissingField;
        }

        if (slot.Type != JsonTokenType.String)
        {
            return DeadLetterReason.WrongType;
        }

        if (slot.Length == 0 && field.MustNotBeEmpty())
        {
            return DeadLetterReason.MissingField;
        }

        var utf8 = slot.In(json);
        var length = utf8.Length;
        var storable = true;
        if (slot.IsEscaped)
        {
            length = JsonText.Unescape(utf8, _unescaped, out storable);
            utf8 = _unescaped.AsSpan(0, Math.Min(length, _unescaped.Length));
        }

        if (length > field.Limit())
        {
            return DeadLetterReason.TooLong;
        }

        if (!storable)
        {
            return DeadLetterReason.UnstorableText;
        }

        if (field == ClickField.UserId)
        {
            text = _visitors.Get(utf8);
            _visitor = _key.Hash(utf8);
        }
        else
        {
            text = _texts.Get(utf8);
        }

        return Fine;
    }

    private static DeadLetterReason JudgeTimestamp(ReadOnlySpan<byte> json, in JsonSlot slot, out DateTime timestamp)
    {
        timestamp = default;
        switch (slot.Type)
        {
            case JsonTokenType.None or JsonTokenType.Null:
                return DeadLetterReason.MissingField;
            case JsonTokenType.Number:
                return ClickTimestamp.TryParseMilliseconds(slot.In(json), out timestamp) ? Fine : DeadLetterReason.BadTimestamp;
            case JsonTokenType.String:
                var text = slot.In(json);
                if (slot.IsEscaped)
                {
                    // Rare, and unbounded: a fraction may have any number of digits.
                    var unescaped = new byte[text.Length];
                    text = unescaped.AsSpan(0, JsonText.Unescape(text, unescaped, out _));
                }

                return ClickTimestamp.TryParse(text, out timestamp) ? Fine : DeadLetterReason.BadTimestamp;
            default:
                return DeadLetterReason.WrongType;
        }
    }
}
