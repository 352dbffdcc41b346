using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Verifying;

/// <summary>The index holds one document per indexed rollup, in its version, with its content, and none besides.</summary>
internal sealed class IndexCheck(IRollupStore rollups, IClickIndex index, VerifyOptions options, VerifyReport report)
{
    private const int Page = 1_000;

    /// <summary>The aggregation may be at work: a rollup that differs is looked at again before it counts.</summary>
    private const int Looks = 3;

    private int _found;
    private long _waiting;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await index.OpenAsync(cancellationToken);
        var ids = new HashSet<string>();
        long after = 0, compared = 0;
        while (await rollups.ReadRollupsAsync(after, Page, cancellationToken) is { Count: > 0 } page)
        {
            var documents = await index.GetAsync([.. page.Select(rollup => DocumentId.Of(rollup.Url, rollup.Country))], cancellationToken);
            for (var at = 0; at < page.Count; at++)
            {
                ids.Add(DocumentId.Of(page[at].Url, page[at].Country));
                if (Difference(page[at], documents[at]) is not null)
                {
                    await LookAgainAsync(page[at].PageId, cancellationToken);
                }
            }

            compared += page.Count;
            after = page[^1].PageId;
        }

        await FindStrangersAsync(ids, cancellationToken);
        report.AddCompared($"{compared:N0} rollups with the index's documents, version by version and field by field");
        if (_waiting > 0)
        {
            report.AddNote($"{_waiting:N0} rollups wait for the next run to be indexed");
        }

        if (_found > options.MaxNamed)
        {
            report.AddDifference($"click_events: {_found - options.MaxNamed:N0} more documents differ");
        }
    }

    private async Task LookAgainAsync(long pageId, CancellationToken cancellationToken)
    {
        Rollup? rollup = null;
        string? difference = null;
        for (var look = 0; look < Looks; look++)
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
                _waiting++;
                return null;
            }

            return $"the document is missing; version {rollup.IndexedVersion} was acknowledged";
        }

        if (document.Version < rollup.IndexedVersion || document.Version > rollup.Version)
        {
            return $"the document has version {document.Version}, the rollup {rollup.Version}, acknowledged is {rollup.IndexedVersion}";
        }

        if (document.Version < rollup.Version)
        {
            _waiting++;
            return null;
        }

        var expected = IndexDocument.From(rollup);
        return document == expected ? null : $"the document says {document}, the rollup {expected}";
    }

    private async Task FindStrangersAsync(HashSet<string> ids, CancellationToken cancellationToken)
    {
        if (await index.CountAsync(cancellationToken) <= ids.Count)
        {
            return;
        }

        var strangers = new Dictionary<string, IndexDocument>();
        await foreach (var document in index.ScanAsync(cancellationToken))
        {
            if (!ids.Contains(document.Id))
            {
                strangers[document.Id] = document;
            }
        }

        // A document of a rollup that was made after the rollups were read is no stranger: read them once more.
        long after = 0;
        while (strangers.Count > 0 && await rollups.ReadRollupsAsync(after, Page, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var rollup in page)
            {
                strangers.Remove(DocumentId.Of(rollup.Url, rollup.Country));
            }

            after = page[^1].PageId;
        }

        foreach (var document in strangers.Values)
        {
            AddDifference($"click_events url '{document.Url}' country '{document.Country}': a document without a rollup (id {document.Id})");
        }
    }

    private void AddDifference(string difference)
    {
        if (_found++ < options.MaxNamed)
        {
            report.AddDifference(difference);
        }
    }
}
