using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Pipeline.Consuming;

/// <summary>The log holds another record than the one that was read at an offset.</summary>
internal sealed class LogDivergedException(RecordMark expected)
    : Exception($"The log holds another record at offset {expected.Offset} than the one that was read there.")
{
    public long Offset => expected.Offset;
}
