using System.Buffers;
using System.Text;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Wire;

namespace ClickOrleans.Pipeline.Producing;

/// <summary>
/// Clicks as messages, keys and values one behind the other in one piece of memory that is used again and again.
/// </summary>
public sealed class MessageChunk
{
    private readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);
    private readonly List<(int Key, int Value)> _lengths = [];
    private readonly List<LogMessage> _messages = [];

    public int Count => _lengths.Count;

    public void Add(Click click)
    {
        var key = (int)Encoding.UTF8.GetBytes(click.UserId, _bytes);
        _lengths.Add((key, ClickEncoder.Encode(click, _bytes)));
    }

    /// <summary>The messages so far: valid until the next <see cref="Add"/> or <see cref="Clear"/>.</summary>
    public IReadOnlyList<LogMessage> Messages()
    {
        // Only now, as the memory may have moved while it grew.
        _messages.Clear();
        var rest = _bytes.WrittenMemory;
        foreach (var (key, value) in _lengths)
        {
            _messages.Add(new LogMessage(rest[..key], rest.Slice(key, value)));
            rest = rest[(key + value)..];
        }

        return _messages;
    }

    public void Clear()
    {
        _bytes.ResetWrittenCount();
        _lengths.Clear();
        _messages.Clear();
    }
}
