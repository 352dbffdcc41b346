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
/// never refuses a document. A refusal counts only where the index took another document of the same batch: one that refuses all
/// alike is wrongly set up. One run at a time.
/// </remarks>
public sealed class Indexer(
    IRollupStore store, IClickIndex index, IndexerOptions options, StageContext context, ILogger<Indexer> logger)
{
    private readonly RollupSender _sender = new(store, index, context, logger);
    private readonly RejectedRollups _rejected = new(store, options, context);

    /// <summary>What is being healed after the store or the index went back to an earlier time; null: nothing.</summary>
    public string? Healing => _sender.History.Healing;

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
                await _rejected.RetryAsync(_sender, run, cancellationToken);
                var error = await SendAllAsync(run, cancellationToken);
                await _sender.History.EndSendingAsync(isDone: error is null, cancellationToken);
                if (error is not null || run.Sent == sentBefore || identity == await index.OpenAsync(cancellationToken))
                {
                    return run.Result(error ?? await _rejected.DescribeAsync(cancellationToken));
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
        var isReplaced = await StoreFailedException.WrapAsync(() => store.UseIndexAsync(identity, cancellationToken));
        if (isReplaced)
        {
            logger.IndexReplaced(index.Description, identity);
        }

        await _sender.History.CompareAsync(isReplaced, cancellationToken);
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

            var answers = await _sender.SendAsync(rollups, run, cancellationToken);
            if (answers.All(answer => answer.Outcome == IndexOutcome.Rejected))
            {
                // Among more documents there may be one that is taken: then it is not the set-up that is at fault.
                if (rollups.Count == run.BatchSize && run.TryGrow())
                {
                    continue;
                }

                Outages.Found(Dependency.Index, isOut: true);
                return Stopped($"{index.Description} refuses every document ({rollups.Count:N0} sent): {answers[0].Reason}");
            }

            var marked = await _sender.MarkAsync(rollups, answers, run);
            if (marked == rollups.Count)
            {
                run.Grow();
                continue;
            }

            if (answers.All(answer => answer.Outcome != IndexOutcome.Retryable))
            {
                // What conflicted has a higher version now, unless the index remembers higher ones of what was deleted.
                if (run.CountConflicts(onlyConflicts: marked == 0))
                {
                    continue;
                }

                return Stopped(
                    $"{index.Description} remembers higher versions of {rollups.Count:N0} deleted documents for a minute or " +
                    "so; they are sent again by the next run");
            }

            var reason = answers.First(answer => answer.Outcome == IndexOutcome.Retryable).Reason;
            if (!await run.PauseAsync(cancellationToken))
            {
                Outages.Found(Dependency.Index, isOut: true);
                return Stopped($"{index.Description} keeps pushing back: {reason}");
            }

            logger.DocumentsPushedBack(index.Description, rollups.Count - marked, rollups.Count, reason, run.BatchSize);
        }
    }

    private string Stopped(string error)
    {
        logger.IndexingStopped(index.Description, error);
        return error;
    }
}
