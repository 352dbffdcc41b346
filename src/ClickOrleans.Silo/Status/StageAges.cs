namespace ClickOrleans.Silo.Status;

/// <summary>
/// How far behind each stage is, in time: for consuming the age of the oldest message that is not stored, for folding and
/// indexing the time since the stage was last caught up.
/// </summary>
public sealed class StageAges(TimeProvider time)
{
    private readonly Queue<(long At, long Stored)> _stored = new();
    private readonly Lock _lock = new();
    private long _indexedAll = time.GetTimestamp();

    /// <summary>Adds a status and returns the age of each stage.</summary>
    public IReadOnlyList<StageAge> Add(PipelineStatus status)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var totals = status.Totals;
            if (totals.Indexed + totals.IndexRejected >= totals.Rollups)
            {
                _indexedAll = now;
            }

            // Only growth is recorded: the oldest sample above the folded count shows since when folding is behind.
            if (_stored.Count == 0 || _stored.Last().Stored < totals.Stored)
            {
                _stored.Enqueue((now, totals.Stored));
            }

            while (_stored.TryPeek(out var oldest) && oldest.Stored <= totals.Folded)
            {
                _stored.Dequeue();
            }

            return
            [
                new("consume", TimeSpan.FromSeconds(status.OldestUnprocessedSeconds)),
                new("fold", _stored.TryPeek(out var unfolded) ? time.GetElapsedTime(unfolded.At, now) : TimeSpan.Zero),
                new("index", time.GetElapsedTime(_indexedAll, now)),
            ];
        }
    }
}
