using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Pipeline.Indexing;

/// <summary>Sends rollups to the index, measures it, and marks what it took or refused.</summary>
internal sealed class RollupSender(IRollupStore store, IClickIndex index, StageContext context, ILogger logger)
{
    private readonly VersionConflicts _conflicts = new(store, index, logger);

    /// <summary>Told before documents are sent, so that a restore of either side shows.</summary>
    public HistoryCheck History { get; } = new(store, index, context, logger);

    /// <returns>
    /// The index's answers, in the order of the rollups, version conflicts settled (<see cref="VersionConflicts"/>). Nothing is
    /// marked yet.
    /// </returns>
    public async Task<IReadOnlyList<IndexAnswer>> SendAsync(
        IReadOnlyList<Rollup> rollups, IndexerRun run, CancellationToken cancellationToken)
    {
        await History.BeginSendingAsync(cancellationToken);
        var answers = await UpsertAsync(rollups, run, cancellationToken);
        return await _conflicts.SettleAsync(rollups, answers, cancellationToken);
    }

    /// <returns>How many are marked; the others are to be sent again.</returns>
    public async Task<int> MarkAsync(IReadOnlyList<Rollup> rollups, IReadOnlyList<IndexAnswer> answers, IndexerRun run)
    {
        var marks = Marks(rollups, answers);
        if (marks.Count > 0)
        {
            // Not to be cancelled: the index has them, and unmarked they would be sent again.
            await StoreFailedException.WrapAsync(() => store.MarkIndexedAsync(marks, CancellationToken.None));
        }

        var rejected = marks.Count(mark => mark.Error is not null);
        run.Count(marks.Count - rejected, rejected);
        if (rejected > 0)
        {
            logger.DocumentsRejected(index.Description, rejected, marks.First(mark => mark.Error is not null).Error!);
        }

        return marks.Count;
    }

    private async Task<IReadOnlyList<IndexAnswer>> UpsertAsync(
        IReadOnlyList<Rollup> rollups, IndexerRun run, CancellationToken cancellationToken)
    {
        run.Sent += rollups.Count;
        using var span = ClickSpans.StartIndex(index.DatabaseSystem, rollups.Count);
        var begun = context.Time.GetTimestamp();
        try
        {
            var answers = await index.UpsertAsync([.. rollups.Select(IndexDocument.From)], cancellationToken);
            foreach (var (outcome, count) in answers.CountBy(answer => answer.Outcome))
            {
                ClickMetrics.IndexedDocuments.Add(count, ClickMetrics.Tag(ClickMetrics.Outcome, Name(outcome)));
            }

            Outages.Found(Dependency.Index, isOut: false);
            return answers;
        }
        catch (Exception exception)
        {
            span.Fail(exception);
            throw;
        }
        finally
        {
            ClickMetrics.IndexDuration.Record(context.Time.GetElapsedTime(begun).TotalSeconds);
        }
    }

    private static List<IndexedMark> Marks(IReadOnlyList<Rollup> rollups, IReadOnlyList<IndexAnswer> answers)
    {
        var marks = new List<IndexedMark>(rollups.Count);
        for (var i = 0; i < rollups.Count; i++)
        {
            var (outcome, reason) = answers[i];
            if (outcome is IndexOutcome.Indexed or IndexOutcome.Rejected)
            {
                var error = outcome == IndexOutcome.Rejected ? StorableText.Of(reason ?? "refused without a reason") : null;
                marks.Add(new IndexedMark(rollups[i].PageId, rollups[i].Version, error));
            }
        }

        return marks;
    }

    private static string Name(IndexOutcome outcome) => outcome switch
    {
        IndexOutcome.Indexed => "indexed",
        IndexOutcome.VersionConflict => "version_conflict",
        IndexOutcome.Retryable => "retryable",
        _ => "rejected",
    };
}
