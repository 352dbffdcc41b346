using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Indexing;

/// <summary>
/// Rollups that the index refused: sent again from time to time, because a mapping or an ingest pipeline can be corrected.
/// </summary>
/// <remarks>While the index takes none of them, one batch is sent at a time, each time the next.</remarks>
internal sealed class RejectedRollups(IRollupStore store, IndexerOptions options, StageContext context)
{
    private long? _retried;
    private long _after;

    /// <summary>Sends some again if it is time.</summary>
    public async Task RetryAsync(RollupSender sender, IndexerRun run, CancellationToken cancellationToken)
    {
        if (_retried is { } last && context.Time.GetElapsedTime(last) < options.RetryRejectedAfter)
        {
            return;
        }

        _retried = context.Time.GetTimestamp();
        var isTaken = true;
        while (isTaken)
        {
            var rollups = await StoreFailedException.WrapAsync(
                () => store.ReadRejectedAsync(_after, options.LargestBatch, cancellationToken));
            _after = rollups.Count < options.LargestBatch ? 0 : rollups[^1].PageId;
            if (rollups.Count == 0)
            {
                return;
            }

            var answers = await sender.SendAsync(rollups, run, cancellationToken);
            isTaken = answers.Any(answer => answer.Outcome is IndexOutcome.Indexed or IndexOutcome.VersionConflict);
            if (isTaken)
            {
                await sender.MarkAsync(rollups, answers, run);
            }

            isTaken &= _after > 0;
        }
    }

    /// <returns>What the index refuses at present, in one line; null: nothing.</returns>
    public async Task<string?> DescribeAsync(CancellationToken cancellationToken)
    {
        var rejected = await StoreFailedException.WrapAsync(() => store.GetRejectedAsync(1, cancellationToken));
        return rejected is [var last]
            ? $"refused, and tried again every {options.RetryRejectedAfter.TotalSeconds:0} s: "
                + $"url '{last.Url}' country '{last.Country}': {last.Error}"
            : null;
    }
}
