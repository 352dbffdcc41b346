using System.Collections.Concurrent;
using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Silo.Status;

/// <summary>
/// The age of a partition's oldest message that is not stored: the time since the message at its next offset was appended.
/// </summary>
internal sealed class UnprocessedAge(IClickLog log, TimeProvider time)
{
    /// <summary>How many messages are looked up at a time; where more partitions lag, those that have longest.</summary>
    private const int MostLookedUp = 8;

    private readonly ConcurrentDictionary<int, (long Offset, DateTime AppendedAt)> _seen = new();
    private Dictionary<int, DateTime> _lagsSince = [];

    /// <returns>The ages of those that lag, by partition; where it was not looked up, how long they are known to lag.</returns>
    public async Task<IReadOnlyDictionary<int, TimeSpan>> OfAsync(
        LogIdentity identity,
        IEnumerable<(int Partition, long NextOffset, DateTime? OldestPending)> lagging,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var found = lagging.ToList();
        var before = _lagsSince;
        var since = found.ToDictionary(lag => lag.Partition, lag => before.GetValueOrDefault(lag.Partition, now));
        _lagsSince = since;
        var appended = found.ToDictionary(lag => lag.Partition, lag => lag.OldestPending ?? Known(lag.Partition, lag.NextOffset));
        var unknown = found.Where(lag => appended[lag.Partition] is null)
            .OrderBy(lag => since[lag.Partition]).Take(MostLookedUp).ToList();
        var looked = await Task.WhenAll(
            unknown.Select(lag => PeekAsync(identity, lag.Partition, lag.NextOffset, cancellationToken)));
        foreach (var (lag, at) in unknown.Zip(looked))
        {
            appended[lag.Partition] = at ?? now;
        }

        return appended.ToDictionary(
            lag => lag.Key,
            lag => (lag.Value ?? since[lag.Key]) is var at && at < now ? now - at : TimeSpan.Zero);
    }

    private DateTime? Known(int partition, long offset) =>
        _seen.TryGetValue(partition, out var seen) && seen.Offset == offset ? seen.AppendedAt : null;

    private async Task<DateTime?> PeekAsync(
        LogIdentity identity, int partition, long offset, CancellationToken cancellationToken)
    {
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
