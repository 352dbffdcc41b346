using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Testing.InMemory.Log;

/// <summary>The offsets of one partition; null where one holds no message. Used under the topic's lock.</summary>
internal sealed class InMemoryPartition
{
    private readonly List<InMemoryMessage?> _messages = [];
    private long _start;

    public OffsetRange Offsets => new(_start, _start + _messages.Count);

    public void Append(InMemoryMessage? message) => _messages.Add(message);

    public void Truncate(long offset)
    {
        var removed = Math.Clamp(offset - _start, 0, _messages.Count);
        _messages.RemoveRange(0, (int)removed);
        _start += removed;
    }

    public void SetBack(long end) => _messages.RemoveRange((int)(end - _start), (int)(Offsets.End - end));

    /// <summary>At most <paramref name="limit"/> offsets from <paramref name="position"/>, which is within range.</summary>
    public IReadOnlyList<InMemoryMessage?> Read(long position, int limit)
    {
        var first = (int)(position - _start);
        return _messages.GetRange(first, Math.Min(limit, _messages.Count - first));
    }
}
