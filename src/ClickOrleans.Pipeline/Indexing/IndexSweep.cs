using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Pipeline.Indexing;

/// <summary>
/// Compares documents with rollups all the time, slowly: what was altered or deleted by hand is found although nobody clicks, and
/// so is what a restore in the middle of a run left behind.
/// </summary>
/// <remarks>
/// A rollup whose document is wrong is unmarked, so that the next run sends it; a conflict is settled there. An aggregation runs
/// meanwhile: only what is marked is compared, and a difference counts if it is still there when both are read again. One at a
/// time.
/// </remarks>
public sealed class IndexSweep(
    IRollupStore store, IClickIndex index, SweepOptions options, StageContext context, ILogger<IndexSweep> logger)
{
    private const int LargestPage = 500;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>Null before the first round has ended.</summary>
    public SweepRound? LastRound { get; private set; }

    /// <summary>Why documents without a rollup are not deleted, in one line; null: there are none, or they are deleted.</summary>
    public string? Withheld { get; private set; }

    private int Page => Math.Min(LargestPage, options.DocumentsPerSecond);

    /// <summary>Sweeps round after round until it is cancelled. An outage delays.</summary>
    /// <param name="found">Called when something is to be sent again.</param>
    public async Task RunAsync(Action found, CancellationToken cancellationToken)
    {
        var backoff = new Backoff(FirstPause, LongestPause, context.Random);
        while (options.DocumentsPerSecond > 0 && !cancellationToken.IsCancellationRequested)
        {
            try
            {
                await SweepAsync(found, cancellationToken);
                backoff.Reset();
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                logger.SweepInterrupted(index.Description, exception.Message);
                await context.PauseAsync(backoff.Next(), cancellationToken);
            }
        }
    }

    private async Task SweepAsync(Action found, CancellationToken cancellationToken)
    {
        var begun = context.Time.GetTimestamp();
        var identity = await index.OpenAsync(cancellationToken);
        var (compared, repaired, after) = (0L, 0L, 0L);
        while (await store.ReadRollupsAsync(after, Page, cancellationToken) is { Count: > 0 } page)
        {
            var wrong = await RepairAsync(page, cancellationToken);
            if (wrong > 0)
            {
                found();
            }

            (compared, repaired, after) = (compared + page.Count, repaired + wrong, page[^1].PageId);
            await PauseAsync(page.Count, cancellationToken);
        }

        var removed = await RemoveStraysAsync(identity, compared, cancellationToken);
        var round = new SweepRound(
            context.Time.GetUtcNow().UtcDateTime, context.Time.GetElapsedTime(begun), compared, repaired, removed);
        LastRound = round;
        if (repaired + removed > 0)
        {
            logger.SweepFound(index.Description, repaired, removed, compared);
        }

        if (options.Period > round.Took)
        {
            await Task.Delay(options.Period - round.Took, context.Time, cancellationToken);
        }
    }

    /// <summary>
    /// A store without rollups, or one that was new when the index already held documents, may be the wrong store: then an
    /// operator decides.
    /// </summary>
    /// <returns>How many documents were deleted.</returns>
    private async Task<int> RemoveStraysAsync(string identity, long rollups, CancellationToken cancellationToken)
    {
        var documents = await index.CountAsync(cancellationToken);
        var mayBeAnothers = rollups == 0 || await store.GetKeptIndexAsync(cancellationToken) == identity;
        var withheld = documents > rollups && mayBeAnothers
            ? $"{index.Description} has {documents:N0} documents, the store {rollups:N0} rollups: those without one may be "
              + "another store's and are kept until `index rebuild`"
            : null;
        if (withheld is not null && Withheld is null)
        {
            logger.StraysKept(index.Description, documents, rollups);
        }

        Withheld = withheld;
        return documents > rollups && !mayBeAnothers
            ? await new StrayDocuments(store, index, Page, PauseAsync).RemoveAsync(cancellationToken)
            : 0;
    }

    /// <returns>How many documents of the page's rollups are to be sent again.</returns>
    private async Task<int> RepairAsync(IReadOnlyList<Rollup> page, CancellationToken cancellationToken)
    {
        var wrong = await FindWrongAsync(page, cancellationToken);
        if (wrong.Count == 0)
        {
            return 0;
        }

        var again = new List<Rollup>(wrong.Count);
        foreach (var rollup in wrong)
        {
            again.AddRange(await store.ReadRollupsAsync(rollup.PageId - 1, 1, cancellationToken));
        }

        wrong = await FindWrongAsync(again, cancellationToken);
        await store.UnmarkAsync([.. wrong.Select(rollup => new RollupMark(rollup.PageId, rollup.Version))], cancellationToken);
        return wrong.Count;
    }

    /// <summary>Those marked as indexed whose document is not what was indexed.</summary>
    private async Task<List<Rollup>> FindWrongAsync(IReadOnlyList<Rollup> rollups, CancellationToken cancellationToken)
    {
        Rollup[] marked = [.. rollups.Where(rollup => rollup.IndexedVersion == rollup.Version)];
        var expected = Array.ConvertAll(marked, IndexDocument.From);
        var documents = await index.GetAsync([.. expected.Select(document => document.Id)], cancellationToken);
        return [.. marked.Where((_, at) => documents[at] != expected[at])];
    }

    private Task PauseAsync(int documents, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromSeconds((double)documents / options.DocumentsPerSecond), context.Time, cancellationToken);
}
