using ClickOrleans.Pipeline.Indexing;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Aggregating;

/// <summary>
/// One run of the aggregation: folds what is stored, chunk by chunk, then indexes what changed. A failure ends the stage it is
/// in, is told, and leaves the rest to the next run; a dead index never keeps clicks from being folded.
/// </summary>
public sealed class Aggregator(IRollupStore store, Indexer indexer, int chunkSize, TimeProvider time)
{
    public async Task<AggregationRun> RunAsync(CancellationToken cancellationToken)
    {
        var started = time.GetUtcNow().UtcDateTime;
        var begun = time.GetTimestamp();
        long clicks = 0, rollups = 0;
        var errors = new List<string>();
        try
        {
            FoldResult folded;
            do
            {
                folded = await store.FoldAsync(chunkSize, time.GetUtcNow().UtcDateTime, cancellationToken);
                clicks += folded.Clicks;
                rollups += folded.Rollups;
            }
            while (folded.More);
        }
        catch (Exception outage) when (outage is not OperationCanceledException)
        {
            errors.Add($"fold: {outage.Message}");
        }

        long documents = 0;
        try
        {
            var indexed = await indexer.IndexAsync(cancellationToken);
            documents = indexed.Acknowledged;
            if (indexed.Error is not null)
            {
                errors.Add($"index: {indexed.Error}");
            }
        }
        catch (Exception outage) when (outage is not OperationCanceledException)
        {
            errors.Add($"index: {outage.Message}");
        }

        return new AggregationRun(
            started, time.GetElapsedTime(begun), clicks, rollups, documents, errors.Count == 0 ? null : string.Join("; ", errors));
    }
}
