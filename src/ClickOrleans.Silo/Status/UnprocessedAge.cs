using System.Collections.Concurrent;
using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Silo.Status;

/// <summary>
/// The age of a partition's oldest message that is not stored: the time since the message at its next offset was appended.
/// </summary>
internal sealed class UnprocessedAge(IClickLog log, TimeProvider time)
{
    private readonly ConcurrentDictionary<int, (long Offset, DateTime AppendedAt)> _seen = new();

    /// <returns>The ages of those that lag, by partition.</returns>
    public async Task<IReadOnlyDictionary<int, TimeSpan>> OfAsync(
        LogIdentity identity,
        IEnumerable<(int Partition, long NextOffset, DateTime? OldestPending)> lagging,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var ages = new Dictionary<int, TimeSpan>();
        foreach (var (partition, nextOffset, oldestPending) in lagging)
        {
            var appended = oldestPending ?? await PeekAsync(identity, partition, nextOffset, cancellationToken) ?? now;
            ages[partition] = appended < now ? now - appended : TimeSpan.Zero;
        }

        return ages;
    }

    private async Task<DateTime?> PeekAsync(
        LogIdentity identity, int partition, long offset, CancellationToken cancellationToken)
    {
        if (_seen.TryGetValue(partition, out var seen) && seen.Offset == offset)
        {
            return seen.AppendedAt;
        }

        try
        {
            if (await new RangeReader(log, identity, time).FindAsync(partition, offset, cancellationToken) is { } message)
            {
                _seen[partition] = (offset, message.AppendedAt);
                return message.AppendedAt;
            }
        }
        catch (Exception exception) when (exception is OffsetOutOfRangeException or LogReplacedException)
        {
            // The message is gone; the partition's own state says so.
        }

        return null;
    }
}
