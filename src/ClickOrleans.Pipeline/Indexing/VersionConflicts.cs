using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Pipeline.Indexing;

/// <summary>
/// Settles version conflicts: a document that is what was sent is as good as written; above any other the rollup is given a
/// higher version, to be sent next.
/// </summary>
internal sealed class VersionConflicts(IRollupStore store, IClickIndex index, ILogger logger)
{
    /// <summary>
    /// The answers, with <see cref="IndexOutcome.Indexed"/> for a conflict with the very document that was sent. The conflicts
    /// that are left are those of documents to be sent in a higher version.
    /// </summary>
    public async Task<IReadOnlyList<IndexAnswer>> SettleAsync(
        IReadOnlyList<Rollup> sent, IReadOnlyList<IndexAnswer> answers, CancellationToken cancellationToken)
    {
        int[] conflicts = [.. Enumerable.Range(0, sent.Count).Where(at => answers[at].Outcome == IndexOutcome.VersionConflict)];
        if (conflicts.Length == 0)
        {
            return answers;
        }

        var expected = Array.ConvertAll(conflicts, at => IndexDocument.From(sent[at]));
        var found = await index.GetAsync([.. expected.Select(document => document.Id)], cancellationToken);
        var settled = answers.ToArray();
        var (raises, unusable) = (new List<VersionRaise>(), new List<IndexDocument>());
        for (var i = 0; i < conflicts.Length; i++)
        {
            var (rollup, document) = (sent[conflicts[i]], found[i]);
            if (document == expected[i])
            {
                settled[conflicts[i]] = new IndexAnswer(IndexOutcome.Indexed);
            }
            else if (document?.Version > RollupVersion.Highest)
            {
                unusable.Add(document);
            }
            else
            {
                // Without a document the index remembers the version of one that was deleted.
                raises.Add(new VersionRaise(rollup.PageId, rollup.Version, document?.Version ?? rollup.Version));
            }
        }

        await RepairAsync(raises, unusable, cancellationToken);
        return settled;
    }

    private async Task RepairAsync(
        List<VersionRaise> raises, List<IndexDocument> unusable, CancellationToken cancellationToken)
    {
        if (raises.Count > 0)
        {
            logger.DocumentsDiffer(index.Description, raises.Count);
            await StoreFailedException.WrapAsync(() => store.RaiseVersionsAsync(raises, cancellationToken));
        }

        if (unusable.Count > 0)
        {
            logger.DocumentsUnusable(index.Description, unusable.Count);
            await index.DeleteAsync(unusable, cancellationToken);
        }
    }
}
