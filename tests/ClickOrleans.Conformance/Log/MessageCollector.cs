using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Conformance.Log;

/// <summary>Keeps copies of what it is shown; declines after <paramref name="limit"/> messages of a read.</summary>
public sealed class MessageCollector(int limit = int.MaxValue) : IMessageVisitor
{
    private int _left = limit;

    public List<CollectedMessage> Messages { get; } = [];

    public IEnumerable<string?> Values => Messages.Select(message => message.ValueText);

    public IEnumerable<long> Offsets => Messages.Select(message => message.Offset);

    public bool Visit(in ReceivedMessage message)
    {
        Messages.Add(new(
            message.Offset,
            message.AppendedAt,
            message.HasKey ? message.Key.ToArray() : null,
            message.HasValue ? message.Value.ToArray() : null));
        return --_left > 0;
    }

    /// <summary>Takes so many more.</summary>
    public void Allow(int messages) => _left = messages;
}
