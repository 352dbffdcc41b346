using ClickOrleans.Sql;

namespace ClickOrleans.Sqlite.Store;

/// <summary>Writes a chunk into rollups and visitors.</summary>
internal sealed class FoldWriting(SqliteWriteSession session, DateTime now, CancellationToken cancellationToken)
{
    private readonly SqliteStatement _find = session.Bulk("select_page_id", cancellationToken);
    private readonly SqliteStatement _make = session.Bulk("insert_into_click_rollups", cancellationToken);
    private readonly SqliteStatement _visit = session.Bulk("insert_into_click_visitors", cancellationToken);
    private readonly SqliteStatement _add = session.Bulk("add_to_click_rollup", cancellationToken);
    private readonly string _now = StoredTime.ToText(now);
    private int _made;

    /// <returns>The number of rollups that are new.</returns>
    public int Write(FoldChunk chunk)
    {
        var pages = new List<(long PageId, FoldedPage Page)>(chunk.Pages.Count);
        foreach (var page in chunk.Pages)
        {
            pages.Add((Find(page) ?? Make(page), page));
        }

        // In the order of their key, neighbours land on the same page of the file.
        pages.Sort((one, other) => one.PageId.CompareTo(other.PageId));
        foreach (var (pageId, page) in pages)
        {
            Add(pageId, page, newUsers: Visit(pageId, page));
        }

        return _made;
    }

    private long? Find(FoldedPage page)
    {
        _find.Bind(1, page.Url);
        _find.Bind(2, page.Country);
        return _find.RunForNumber();
    }

    private long Make(FoldedPage page)
    {
        _make.Bind(1, page.Url);
        _make.Bind(2, page.Country);
        _make.Bind(3, page.FirstClick);
        _make.Bind(4, page.LastClick);
        _make.Bind(5, _now);
        _made++;
        return _make.RunForNumber()!.Value;
    }

    private int Visit(long pageId, FoldedPage page)
    {
        var added = 0;
        _visit.Bind(1, pageId);
        foreach (var user in page.Users.Order(StringComparer.Ordinal))
        {
            _visit.Bind(2, user);
            added += _visit.Run();
        }

        return added;
    }

    private void Add(long pageId, FoldedPage page, int newUsers)
    {
        _add.Bind(1, pageId);
        _add.Bind(2, page.Clicks);
        _add.Bind(3, newUsers);
        _add.Bind(4, page.FirstClick);
        _add.Bind(5, page.LastClick);
        _add.Bind(6, _now);
        _add.Run();
    }
}
