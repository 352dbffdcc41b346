using System.Buffers.Text;
using System.Text.Json;

namespace ClickOrleans.Pipeline.Wire;

/// <summary>An event id: a UUID in its usual form, 8-4-4-4-12 hexadecimal digits (RFC 9562), in upper or lower case.</summary>
internal static class EventIdText
{
    private const int Length = 36;

    /// <summary>The nil UUID is none: it says that there is no id.</summary>
    public static bool TryParse(ReadOnlySpan<byte> json, in JsonSlot slot, out Guid id)
    {
        id = default;
        if (slot.Type != JsonTokenType.String)
        {
            return false;
        }

        if (!slot.IsEscaped)
        {
            return TryParse(slot.In(json), out id);
        }

        Span<byte> unescaped = stackalloc byte[Length];
        return JsonText.Unescape(slot.In(json), unescaped, out _) == Length && TryParse(unescaped, out id);
    }

    private static bool TryParse(ReadOnlySpan<byte> text, out Guid id) =>
        Utf8Parser.TryParse(text, out id, out var consumed, 'D') && consumed == text.Length && id != Guid.Empty;
}
