namespace ClickOrleans.Pipeline.Wire;

/// <summary>Writes a click as a message's value: UTF-8 JSON, an object with the eight names.</summary>
public static class ClickEncoder
{
    public static byte[] Encode(Click click) => throw new NotSupportedException();
}
