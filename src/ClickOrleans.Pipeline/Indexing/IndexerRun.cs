namespace ClickOrleans.Pipeline.Indexing;

/// <summary>The state of one run of the indexer.</summary>
internal sealed class IndexerRun(IndexerOptions options, StageContext context)
{
    /// <summary>A document deleted by hand takes two: the deletion has a version of its own, one above the document's.</summary>
    private const int MostConflictRounds = 4;

    private readonly AdaptiveBatch _batch = new(options.FirstBatch, options.SmallestBatch, options.LargestBatch);
    private readonly Backoff _backoff = new(options.FirstPause, options.LongestPause, context.Random);
    private long _acknowledged;
    private long _rejected;
    private long _lastProgress = context.Time.GetTimestamp();
    private int _conflictRounds;

    public long Sent { get; set; }

    public int BatchSize => _batch.Size;

    public void Count(int acknowledged, int rejected)
    {
        _acknowledged += acknowledged;
        _rejected += rejected;
        if (acknowledged + rejected > 0)
        {
            _lastProgress = context.Time.GetTimestamp();
        }
    }

    /// <summary>A batch had version conflicts: their documents are sent again in higher versions.</summary>
    /// <param name="onlyConflicts">Nothing of it was taken.</param>
    /// <returns>False if that has not helped several times in a row.</returns>
    public bool CountConflicts(bool onlyConflicts)
    {
        _conflictRounds = onlyConflicts ? _conflictRounds + 1 : 0;
        return _conflictRounds <= MostConflictRounds;
    }

    public void Grow()
    {
        _batch.Grow();
        _backoff.Reset();
    }

    /// <returns>False if the batch is as large as it may be.</returns>
    public bool TryGrow() => _batch.Grow();

    /// <summary>Shrinks the batch and waits.</summary>
    /// <returns>False, at once, if the run's timeout would pass before.</returns>
    public async Task<bool> PauseAsync(CancellationToken cancellationToken)
    {
        var pause = _backoff.Next();
        if (context.Time.GetElapsedTime(_lastProgress) + pause > options.Timeout)
        {
            return false;
        }

        _batch.Shrink();
        await Task.Delay(pause, context.Time, cancellationToken);
        return true;
    }

    public IndexRun Result(string? error) => new(Sent, _acknowledged, _rejected, error);
}
