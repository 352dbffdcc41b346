namespace ClickOrleans.Pipeline.Wire;

/// <summary>Turns a message's value into a click, or says why it is none. One decoder per thread: it keeps texts it has seen.</summary>
public sealed class ClickDecoder
{
    /// <summary>Decodes one value and, if it is a click, adds it to <paramref name="into"/>; else nothing is added.</summary>
    public bool TryDecode(ReadOnlySpan<byte> value, long offset, ClickColumns into, out DecodeFault fault) =>
        throw new NotSupportedException();
}
