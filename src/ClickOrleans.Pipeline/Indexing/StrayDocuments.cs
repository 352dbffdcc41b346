using System.Globalization;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Indexing;

/// <summary>Finds documents without a rollup and deletes them.</summary>
/// <param name="pause">Called with the number of documents or rollups just read.</param>
internal sealed class StrayDocuments(
    IRollupStore store, IClickIndex index, int pageSize, Func<int, CancellationToken, Task> pause)
{
    /// <summary>Enough for one round; the next finds the others.</summary>
    private const int Most = 10_000;

    // 32 bytes for each rollup instead of the more than 100 of a text.
    private readonly HashSet<UInt128> _known = [];
    private long _lastPage;

    /// <returns>How many were deleted.</returns>
    public async Task<int> RemoveAsync(CancellationToken cancellationToken)
    {
        await ReadKnownAsync(cancellationToken);
        var stray = await FindAsync(cancellationToken);

        // A second look: a rollup may have been added since, behind the last one read.
        await ReadKnownAsync(cancellationToken);
        stray.RemoveAll(document => IsKnown(document.Id));
        await index.DeleteAsync(stray, cancellationToken);
        return stray.Count;
    }

    private async Task ReadKnownAsync(CancellationToken cancellationToken)
    {
        while (await store.ReadRollupsAsync(_lastPage, pageSize, cancellationToken) is { Count: > 0 } page)
        {
            _known.UnionWith(page.Select(rollup => Number(DocumentId.Of(rollup.Url, rollup.Country))));
            _lastPage = page[^1].PageId;
            await pause(page.Count, cancellationToken);
        }
    }

    private async Task<List<IndexDocument>> FindAsync(CancellationToken cancellationToken)
    {
        var (stray, read) = (new List<IndexDocument>(), 0);
        await foreach (var document in index.ScanAsync(cancellationToken))
        {
            if (!IsKnown(document.Id) && stray.Count < Most)
            {
                stray.Add(document);
            }

            if (++read % pageSize == 0)
            {
                await pause(pageSize, cancellationToken);
            }
        }

        return stray;
    }

    private bool IsKnown(string id) => id.Length == 32 && UInt128.TryParse(
        id, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) && _known.Contains(number);

    private static UInt128 Number(string id) => UInt128.Parse(id, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
