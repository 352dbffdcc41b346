using System.Text.Json;

namespace ClickOrleans.Pipeline.Wire;

/// <summary>Where in a message the value of a field is: the last one there, as its token lies in the bytes.</summary>
/// <param name="Type"><see cref="JsonTokenType.None"/> for a field that is absent.</param>
/// <param name="Start">Of a string the first byte behind the quotation mark.</param>
internal readonly record struct JsonSlot(JsonTokenType Type, bool IsEscaped, int Start, int Length)
{
    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> message) => message.Slice(Start, Length);
}
