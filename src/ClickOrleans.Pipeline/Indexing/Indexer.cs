using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Pipeline.Indexing;

/// <summary>
/// Brings the rollups into the index: sends those that the index has not acknowledged in their current version, judges the
/// answers one by one and marks what was taken or refused, until none is left.
/// </summary>
/// <remarks>
/// What is acknowledged is marked before the next batch is asked for, so nothing acknowledged is sent again in the run; a
/// crash in between has it sent again later, which versions make harmless. An index that is away or pushes back delays; it
/// never refuses a document. One run at a time.
/// </remarks>
public sealed class Indexer(
    IRollupStore store, IClickIndex index, IndexerOptions options, StageContext context, ILogger<Indexer> logger)
{
    /// <summary>Sends what there is to send. An error is in the result, not thrown.</summary>
    /// <exception cref="OperationCanceledException"/>
    public async Task<IndexRun> IndexAsync(CancellationToken cancellationToken)
    {
        var run = new IndexerRun(options, context);
        while (true)
        {
            try
            {
                var identity = await OpenAsync(cancellationToken);
                var sentBefore = run.Sent;
                var error = await SendAllAsync(run, cancellationToken);
                if (error is not null || run.Sent == sentBefore || identity == await index.OpenAsync(cancellationToken))
                {
                    return run.Result(error);
                }

                // Replaced meanwhile: marks may be about documents that went into the index before. Another indexer may have
                // told the store of the new one already, so all marks are taken back under no index's name first.
                await StoreFailedException.WrapAsync(() => store.UseIndexAsync("none", cancellationToken));
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
            catch (IndexSetupException exception)
            {
                Outages.Found(Dependency.Index, isOut: true);
                logger.IndexUnusable(index.Description, exception.Message);
                return run.Result(exception.Message);
            }
            catch (StoreFailedException exception)
            {
                logger.IndexingStopped(index.Description, exception.Message);
                return run.Result(exception.Message);
            }
            catch (Exception exception)
            {
                Outages.Found(Dependency.Index, isOut: true);

                // Of the batch nothing is known, and the index may be another one when it is back: it is opened again.
                if (!await run.PauseAsync(cancellationToken))
                {
                    logger.IndexingStopped(index.Description, exception.Message);
                    return run.Result(exception.Message);
                }

                logger.IndexUnavailable(index.Description, exception.Message, run.BatchSize);
            }
        }
    }

    private async Task<string> OpenAsync(CancellationToken cancellationToken)
    {
        var identity = await index.OpenAsync(cancellationToken);
        Outages.Found(Dependency.Index, isOut: false);
        if (await StoreFailedException.WrapAsync(() => store.UseIndexAsync(identity, cancellationToken)))
        {
            logger.IndexReplaced(index.Description, identity);
        }

        return identity;
    }

    /// <returns>Why it ended before all were sent; null: all are.</returns>
    private async Task<string?> SendAllAsync(IndexerRun run, CancellationToken cancellationToken)
    {
        while (true)
        {
            var rollups = await StoreFailedException.WrapAsync(() => store.GetUnindexedAsync(run.BatchSize, cancellationToken));
            if (rollups.Count == 0)
            {
                return null;
            }

            run.Sent += rollups.Count;
            var answers = await SendAsync([.. rollups.Select(IndexDocument.From)], cancellationToken);
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

            if (marks.Count == rollups.Count)
            {
                run.Grow();
                continue;
            }

            var reason = answers.First(answer => answer.Outcome == IndexOutcome.Retryable).Reason;
            if (!await run.PauseAsync(cancellationToken))
            {
                Outages.Found(Dependency.Index, isOut: true);
                var error = $"{index.Description} keeps pushing back: {reason}";
                logger.IndexingStopped(index.Description, error);
                return error;
            }

            logger.DocumentsPushedBack(index.Description, rollups.Count - marks.Count, rollups.Count, reason, run.BatchSize);
        }
    }

    private async Task<IReadOnlyList<IndexAnswer>> SendAsync(
        IReadOnlyList<IndexDocument> documents, CancellationToken cancellationToken)
    {
        using var span = ClickSpans.StartIndex(index.DatabaseSystem, documents.Count);
        var begun = context.Time.GetTimestamp();
        try
        {
            var answers = await index.UpsertAsync(documents, cancellationToken);
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

    private static string Name(IndexOutcome outcome) => outcome switch
    {
        IndexOutcome.Indexed => "indexed",
        IndexOutcome.VersionConflict => "version_conflict",
        IndexOutcome.Retryable => "retryable",
        _ => "rejected",
    };

    private static List<IndexedMark> Marks(IReadOnlyList<Rollup> rollups, IReadOnlyList<IndexAnswer> answers)
    {
        var marks = new List<IndexedMark>(rollups.Count);
        for (var i = 0; i < rollups.Count; i++)
        {
            var (outcome, reason) = answers[i];
            if (outcome != IndexOutcome.Retryable)
            {
                var error = outcome == IndexOutcome.Rejected ? StorableText.Of(reason ?? "refused without a reason") : null;
                marks.Add(new IndexedMark(rollups[i].PageId, rollups[i].Version, error));
            }
        }

        return marks;
    }
}
