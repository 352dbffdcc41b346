using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Testing.InMemory;

internal sealed class InMemoryReader(InMemoryPartition messages, int partition, long offset, TimeProvider time) : ILogReader
{
    public long Position { get; private set; } = offset;

    public async ValueTask ReadAsync(IMessageVisitor visitor, TimeSpan wait, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Position > messages.End)
        {
            throw new OffsetOutOfRangeException(partition, Position, new OffsetRange(0, messages.End));
        }

        if (!Visit(visitor, out var arrival) && wait > TimeSpan.Zero)
        {
            await ArrivalSignal.WaitAsync(arrival, wait, time, cancellationToken);
            Visit(visitor, out _);
        }
    }

    public void Acknowledge(long nextOffset)
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <returns>Whether any message was visited.</returns>
    private bool Visit(IMessageVisitor visitor, out Task arrival)
    {
        var from = Position;
        while (messages.Find(Position, out arrival) is { } message)
        {
            Position++;
            var received = new ReceivedMessage
            {
                Offset = message.Offset,
                AppendedAt = message.AppendedAt,
                HasKey = message.Key is not null,
                Key = message.Key,
                HasValue = message.Value is not null,
                Value = message.Value,
            };
            if (!visitor.Visit(received))
            {
                break;
            }
        }

        return Position > from;
    }
}
