using System.Diagnostics;
using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Testing.InMemory.Log;

/// <summary>Reads one partition of an <see cref="InMemoryTopic"/>, a chunk of offsets at a time.</summary>
internal sealed class InMemoryLogReader(
    InMemoryTopic topic, LogIdentity identity, int partition, long offset, TimeProvider time) : ILogReader
{
    private const int Chunk = 1_000;

    private ActivityContext _told;

    public long Position { get; private set; } = offset;

    public void Acknowledge(long nextOffset)
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public async ValueTask ReadAsync(IMessageVisitor visitor, TimeSpan wait, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _told = default;
        var started = time.GetTimestamp();
        while (true)
        {
            var arrival = topic.Arrival;
            if (VisitAvailable(visitor, cancellationToken))
            {
                return;
            }

            var left = wait - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            await ArrivalSignal.WaitAsync(arrival, left, time, cancellationToken);
        }
    }

    /// <returns>Whether the position has moved.</returns>
    private bool VisitAvailable(IMessageVisitor visitor, CancellationToken cancellationToken)
    {
        var from = Position;
        while (ReadChunk(Position > from) is { Count: > 0 } messages)
        {
            foreach (var message in messages)
            {
                var at = Position++;
                if (message is null)
                {
                    continue;
                }

                if (!Visit(visitor, at, message))
                {
                    return true;
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
        }

        return Position > from;
    }

    private IReadOnlyList<InMemoryMessage?> ReadChunk(bool hasMoved)
    {
        try
        {
            return topic.Read(identity, partition, Position, Chunk);
        }
        catch (OffsetOutOfRangeException) when (hasMoved)
        {
            // What was visited counts; the next read throws.
            return [];
        }
    }

    private bool Visit(IMessageVisitor visitor, long at, InMemoryMessage message)
    {
        if (message.Origin != default && message.Origin != _told && visitor.WantsOrigins)
        {
            visitor.TakeOrigin(_told = message.Origin);
        }

        return visitor.Visit(new ReceivedMessage
        {
            Offset = at,
            AppendedAt = message.AppendedAt,
            IsProducerTime = topic.HasProducerTime,
            HasKey = message.Key is not null,
            Key = message.Key,
            HasValue = message.Value is not null,
            Value = message.Value,
            LeaderEpoch = message.LeaderEpoch,
        });
    }
}
