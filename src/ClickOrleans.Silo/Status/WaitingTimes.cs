namespace ClickOrleans.Silo.Status;

/// <summary>
/// How long the message at an offset of a partition has been seen waiting: since the partition's end was first seen behind it.
/// Counted by our own clock, whatever a message says of its time; what waited before this began to look counts from then.
/// </summary>
public sealed class WaitingTimes(TimeProvider time)
{
    /// <summary>
    /// How many ends are remembered of a partition; of a longer backlog one every two seconds, then four, and so on.
    /// </summary>
    private const int Most = 512;

    private readonly Dictionary<int, Ends> _partitions = [];

    /// <summary>Takes a partition as of now into account.</summary>
    /// <returns>Zero where nothing waits.</returns>
    public TimeSpan Add(int partition, long nextOffset, long end)
    {
        if (!_partitions.TryGetValue(partition, out var ends))
        {
            _partitions[partition] = ends = new(time);
        }

        return ends.Add(nextOffset, end);
    }

    /// <summary>The ends of one partition, and when each was first seen.</summary>
    private sealed class Ends(TimeProvider time)
    {
        private readonly List<Sample> _seen = [];
        private TimeSpan _spacing;

        public TimeSpan Add(long nextOffset, long end)
        {
            if (_seen.Count > 0 && end < _seen[^1].End)
            {
                // Another log, or one that lost its end: what was seen is of no use.
                _seen.Clear();
            }

            if (_seen.Count == 0 || end > _seen[^1].End)
            {
                Append(end);
            }

            _seen.RemoveAll(sample => sample.End <= nextOffset);
            if (_seen.Count == 0)
            {
                _spacing = TimeSpan.Zero;
            }
            else if (_seen.Count > Most)
            {
                Thin();
            }

            return _seen.Count > 0 ? time.GetElapsedTime(_seen[0].At) : TimeSpan.Zero;
        }

        /// <summary>An end that follows soon counts as seen with the one before: as a little older than it is.</summary>
        private void Append(long end)
        {
            if (_seen.Count > 0 && time.GetElapsedTime(_seen[^1].At) < _spacing)
            {
                _seen[^1] = _seen[^1] with { End = end };
            }
            else
            {
                _seen.Add(new(end, time.GetTimestamp()));
            }
        }

        private void Thin()
        {
            var kept = _seen.Chunk(2).Select(pair => new Sample(pair[^1].End, pair[0].At)).ToList();
            _spacing = time.GetElapsedTime(kept[0].At, kept[1].At);
            _seen.Clear();
            _seen.AddRange(kept);
        }
    }

    private readonly record struct Sample(long End, long At);
}
