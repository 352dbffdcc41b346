using ClickOrleans.Pipeline.Indexing;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Telemetry;

namespace ClickOrleans.Pipeline.Aggregating;

/// <summary>
/// One run of the aggregation: folds, chunk by chunk, what was stored when it began, and indexes what changed. A failure ends the
/// stage it is in, is told, and leaves the rest to the next run; a dead index never keeps clicks from being folded.
/// </summary>
public sealed class Aggregator(IClickStore clicks, IRollupStore rollups, Indexer indexer, int chunkSize, StageContext context)
{
    private const int SmallestChunk = 100;

    /// <summary>A long fold lets the index have what changed so far.</summary>
    private static readonly TimeSpan IndexEvery = TimeSpan.FromSeconds(5);

    /// <summary>How long a run hashes what an earlier version stored.</summary>
    private static readonly TimeSpan HashingTime = TimeSpan.FromSeconds(1);

    /// <summary>How long a run goes on for series that are still being filled with clicks folded before.</summary>
    private static readonly TimeSpan FillSeriesFor = TimeSpan.FromSeconds(3);

    private readonly AdaptiveBatch _chunk = new(chunkSize, Math.Min(SmallestChunk, chunkSize), chunkSize);

    /// <inheritdoc cref="Indexer.Healing"/>
    public string? Healing => indexer.Healing;

    public async Task<AggregationRun> RunAsync(CancellationToken cancellationToken)
    {
        var run = new Tally(context.Time.GetUtcNow().UtcDateTime, context.Time.GetTimestamp());
        using var span = ClickTelemetry.IsTraced ? ClickSpans.StartFold(await ReadOriginsAsync(cancellationToken)) : null;
        var begun = context.Time.GetTimestamp();
        try
        {
            await FoldAsync(run, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            run.FoldError = $"fold: {exception.Message}";
            span.Fail(exception);
        }

        // The folding is over, but what follows from it is the span's child still.
        span?.SetTag("clickstream.clicks", run.Clicks).SetTag("clickstream.rollups", run.Rollups)
            .SetEndTime(span.StartTimeUtc + context.Time.GetElapsedTime(begun));

        await IndexAsync(run, cancellationToken);
        await HashVisitorsAsync(run, cancellationToken);
        var errors = new[] { run.FoldError, run.IndexError }.OfType<string>().ToList();
        return new AggregationRun(
            run.Started,
            context.Time.GetElapsedTime(run.Begun),
            run.Clicks,
            run.Rollups,
            run.Documents,
            errors.Count == 0 ? null : string.Join("; ", errors));
    }

    private async Task FoldAsync(Tally run, CancellationToken cancellationToken)
    {
        var totals = await clicks.GetTotalsAsync(cancellationToken);
        var indexed = run.Begun;
        FoldResult folded;
        do
        {
            var begun = context.Time.GetTimestamp();
            folded = await FoldChunkAsync(cancellationToken);
            ClickMetrics.FoldDuration.Record(context.Time.GetElapsedTime(begun).TotalSeconds);
            ClickMetrics.FoldedClicks.Add(folded.Clicks);
            run.Clicks += folded.Clicks;
            run.Rollups += folded.Rollups;
            if (context.Time.GetElapsedTime(indexed) > IndexEvery)
            {
                await IndexAsync(run, cancellationToken);
                indexed = context.Time.GetTimestamp();
            }
        }
        while ((folded.More && run.Clicks < totals.Stored - totals.Folded)
            || (folded.SeriesBehind && context.Time.GetElapsedTime(run.Begun) < FillSeriesFor));
    }

    private async Task HashVisitorsAsync(Tally run, CancellationToken cancellationToken)
    {
        var begun = context.Time.GetTimestamp();
        try
        {
            while (await rollups.HashVisitorsAsync(cancellationToken) && context.Time.GetElapsedTime(begun) < HashingTime)
            {
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            run.FoldError ??= $"hash visitors: {exception.Message}";
        }
    }

    /// <summary>A chunk for which the store takes too long is tried again at half the size, which grows again.</summary>
    private async Task<FoldResult> FoldChunkAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var folded = await rollups.FoldAsync(_chunk.Size, context.Time.GetUtcNow().UtcDateTime, cancellationToken);
                _chunk.Grow();
                return folded;
            }
            catch (Exception exception) when (StoreTimeouts.IsTimeout(exception) && !cancellationToken.IsCancellationRequested)
            {
                if (!_chunk.Shrink())
                {
                    throw;
                }
            }
        }
    }

    /// <summary>
    /// What is folded was stored by other threads, often of other silos, and before restarts: their spans are in the store.
    /// </summary>
    private async Task<TraceOrigins> ReadOriginsAsync(CancellationToken cancellationToken)
    {
        var origins = new TraceOrigins();
        try
        {
            foreach (var text in await rollups.GetUnfoldedTracesAsync(TraceOrigins.Most, cancellationToken))
            {
                if (TraceContext.TryRead(text, null, out var origin))
                {
                    origins.Add(origin);
                }
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The fold itself will say so.
        }

        return origins;
    }

    private async Task IndexAsync(Tally run, CancellationToken cancellationToken)
    {
        try
        {
            var indexed = await indexer.IndexAsync(cancellationToken);
            run.Documents += indexed.Acknowledged;
            run.IndexError = indexed.Error is null ? null : $"index: {indexed.Error}";
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            run.IndexError = $"index: {exception.Message}";
        }
    }

    private sealed class Tally(DateTime started, long begun)
    {
        public DateTime Started { get; } = started;
        public long Begun { get; } = begun;
        public long Clicks { get; set; }
        public long Rollups { get; set; }
        public long Documents { get; set; }
        public string? FoldError { get; set; }
        public string? IndexError { get; set; }
    }
}
