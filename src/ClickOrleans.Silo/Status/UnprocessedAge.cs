using System.Collections.Concurrent;
using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Silo.Status;

/// <summary>
/// The age of a partition's oldest message that is not stored: the time since the message at its next offset was appended,
/// where the log itself says when; otherwise the time that it has been seen waiting.
/// </summary>
/// <remarks>
/// A producer's time says nothing of the kind: of a backfill it is years old, and of a clock that is ahead not yet come.
/// </remarks>
internal sealed class UnprocessedAge(IClickLog log, TimeProvider time)
{
    /// <summary>How many messages are looked up at a time; where more partitions lag, those seen waiting longest.</summary>
    private const int MostLookedUp = 8;

    /// <summary>
    /// How long no message is looked up after one had a producer's time: that is a setting of the topic, which seldom changes.
    /// </summary>
    private static readonly TimeSpan ProducerTimeKept = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<int, (long Offset, DateTime AppendedAt)> _seen = new();
    private readonly WaitingTimes _waiting = new(time);
    private long _noLookUpBefore;

    /// <returns>The ages of those that lag, by partition.</returns>
    public async Task<IReadOnlyDictionary<int, TimeSpan>> OfAsync(
        LogIdentity identity, IEnumerable<PartitionEnd> partitions, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;

        // Each one's end is taken into account before any message is looked up, which may fail.
        var lagging = partitions.Select(end => (End: end, Waiting: Wait(end))).ToList();
        lagging.RemoveAll(lag => lag.End.NextOffset >= lag.End.EndOffset);
        var appended = lagging.ToDictionary(lag => lag.End.Partition, lag => lag.End.OldestPending ?? Known(lag.End));
        var unknown = lagging.Where(lag => appended[lag.End.Partition] is null && MayBeLookedUp(lag.End))
            .OrderByDescending(lag => lag.Waiting).Take(MostLookedUp).Select(lag => lag.End).ToList();
        var found = await Task.WhenAll(
            unknown.Select(end => PeekAsync(identity, end.Partition, end.NextOffset, cancellationToken)));
        foreach (var (end, at) in unknown.Zip(found))
        {
            appended[end.Partition] = at;
        }

        return lagging.ToDictionary(
            lag => lag.End.Partition, lag => appended[lag.End.Partition] is { } at && at <= now ? now - at : lag.Waiting);
    }

    private TimeSpan Wait(PartitionEnd end) => _waiting.Add(end.Partition, end.NextOffset, end.EndOffset);

    private DateTime? Known(PartitionEnd end) =>
        !end.IsStale && _seen.TryGetValue(end.Partition, out var seen) && seen.Offset == end.NextOffset ? seen.AppendedAt : null;

    private bool MayBeLookedUp(PartitionEnd end) => !end.IsStale && time.GetTimestamp() >= Volatile.Read(ref _noLookUpBefore);

    private async Task<DateTime?> PeekAsync(
        LogIdentity identity, int partition, long offset, CancellationToken cancellationToken)
    {
        try
        {
            if (await new RangeReader(log, identity, time).FindAsync(partition, offset, cancellationToken) is { } message)
            {
                if (message.IsProducerTime)
                {
                    var kept = (long)(ProducerTimeKept.TotalSeconds * time.TimestampFrequency);
                    Volatile.Write(ref _noLookUpBefore, time.GetTimestamp() + kept);
                    return null;
                }

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

/// <summary>Where a partition's consumer is, and where the partition ends.</summary>
/// <param name="OldestPending">When the log took the oldest message that the consumer has and has not stored.</param>
/// <param name="IsStale">Whether the end is of earlier.</param>
internal readonly record struct PartitionEnd(
    int Partition, long NextOffset, long EndOffset, DateTime? OldestPending, bool IsStale);
