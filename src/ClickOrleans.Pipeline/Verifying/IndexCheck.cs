using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Verifying;

/// <summary>The index has one document for each indexed rollup, with its version and content, and no other document.</summary>
internal sealed class IndexCheck(IRollupStore rollups, IClickIndex index, VerifyOptions options, VerifyReport report)
{
    private const int Page = 1_000;

    /// <summary>An aggregation may be running: a difference counts only if it is still there when it is read again.</summary>
    private const int Attempts = 3;

    /// <summary>What the index refused, by document id.</summary>
    private readonly Dictionary<string, RejectedRollup> _rejected = [];

    private int _differences;
    private long _unindexed;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await index.OpenAsync(cancellationToken);
        foreach (var rejected in await rollups.GetRejectedAsync(int.MaxValue, cancellationToken))
        {
            _rejected[DocumentId.Of(rejected.Url, rejected.Country)] = rejected;
        }

        var ids = new HashSet<string>();
        long after = 0, compared = 0;
        while (await rollups.ReadRollupsAsync(after, Page, cancellationToken) is { Count: > 0 } page)
        {
            var documentIds = page.Select(rollup => DocumentId.Of(rollup.Url, rollup.Country));
            var documents = await index.GetAsync([.. documentIds], cancellationToken);
            for (var at = 0; at < page.Count; at++)
            {
                ids.Add(DocumentId.Of(page[at].Url, page[at].Country));
                if (Difference(page[at], documents[at]) is not null)
                {
                    await RecheckAsync(page[at].PageId, cancellationToken);
                }
            }

            compared += page.Count;
            after = page[^1].PageId;
        }

        await FindUnexpectedAsync(ids, cancellationToken);
        report.AddCompared($"{compared:N0} rollups with the index's documents, version by version and field by field");
        if (_unindexed > 0)
        {
            report.AddNote($"{_unindexed:N0} rollups are not indexed in their current version yet");
        }

        if (_differences > options.MaxNamed)
        {
            report.AddDifference($"click_events: {_differences - options.MaxNamed:N0} more documents differ");
        }
    }

    private async Task RecheckAsync(long pageId, CancellationToken cancellationToken)
    {
        Rollup? rollup = null;
        string? difference = null;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            rollup = (await rollups.ReadRollupsAsync(pageId - 1, 1, cancellationToken))[0];
            var document = (await index.GetAsync([DocumentId.Of(rollup.Url, rollup.Country)], cancellationToken))[0];
            difference = Difference(rollup, document);
            if (difference is null)
            {
                return;
            }
        }

        AddDifference($"click_events url '{rollup!.Url}' country '{rollup.Country}': {difference}");
    }

    private string? Difference(Rollup rollup, IndexDocument? document)
    {
        if (document is null)
        {
            if (rollup.IndexedVersion == 0)
            {
                return Unindexed(rollup);
            }

            return $"the document is missing; version {rollup.IndexedVersion} was acknowledged";
        }

        if (document.Version < rollup.IndexedVersion || document.Version > rollup.Version)
        {
            return $"the document has version {document.Version}, the rollup has version {rollup.Version}, " +
                $"of which version {rollup.IndexedVersion} is acknowledged";
        }

        if (document.Version < rollup.Version)
        {
            return Unindexed(rollup);
        }

        var expected = IndexDocument.From(rollup);
        return document == expected ? null : $"the document says {document}, the rollup says {expected}";
    }

    /// <summary>No difference if it only waits for the next run.</summary>
    private string? Unindexed(Rollup rollup)
    {
        if (_rejected.TryGetValue(DocumentId.Of(rollup.Url, rollup.Country), out var rejected)
            && rejected.Version == rollup.Version)
        {
            return $"the index refuses version {rejected.Version}: {rejected.Error}";
        }

        _unindexed++;
        return null;
    }

    /// <summary>Documents without a rollup.</summary>
    private async Task FindUnexpectedAsync(HashSet<string> ids, CancellationToken cancellationToken)
    {
        if (await index.CountAsync(cancellationToken) <= ids.Count)
        {
            return;
        }

        var unexpected = new Dictionary<string, IndexDocument>();
        await foreach (var document in index.ScanAsync(cancellationToken))
        {
            if (!ids.Contains(document.Id))
            {
                unexpected[document.Id] = document;
            }
        }

        // A rollup may have been added since the rollups were read: read them again.
        long after = 0;
        while (unexpected.Count > 0 && await rollups.ReadRollupsAsync(after, Page, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var rollup in page)
            {
                unexpected.Remove(DocumentId.Of(rollup.Url, rollup.Country));
            }

            after = page[^1].PageId;
        }

        foreach (var document in unexpected.Values)
        {
            AddDifference(
                $"click_events url '{document.Url}' country '{document.Country}': the document {document.Id} has no rollup");
        }
    }

    private void AddDifference(string difference)
    {
        if (_differences++ < options.MaxNamed)
        {
            report.AddDifference(difference);
        }
    }
}
