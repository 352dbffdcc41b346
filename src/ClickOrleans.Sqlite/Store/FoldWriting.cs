using ClickOrleans.Sql;

namespace ClickOrleans.Sqlite.Store;

/// <summary>Adds the clicks of a fold to rollups, visitors and series.</summary>
internal sealed class FoldWriting(SqliteWriteSession session, DateTime now, CancellationToken cancellationToken)
{
    private readonly SelectPageId _select = new(session.Bulk(SqliteStoreSql.SelectPageId, cancellationToken));
    private readonly InsertRollup _insert = new(session.Bulk(SqliteStoreSql.InsertIntoClickRollups, cancellationToken));
    private readonly InsertVisitors _visitors = new(session.Bulk(SqliteStoreSql.InsertIntoClickVisitors, cancellationToken));
    private readonly SeriesWriting _series = new(session, cancellationToken);
    private readonly UpdateRollup _update = new(session.Bulk(SqliteStoreSql.UpdateClickRollup, cancellationToken));

    /// <returns>The number of new rollups.</returns>
    public int Write(FoldChunk chunk)
    {
        var created = 0;
        var updatedAt = StoredTime.ToText(now);
        var pages = new List<(long PageId, FoldedPage Page)>(chunk.Pages.Count);
        foreach (var page in chunk.Pages)
        {
            var pageId = _select.Run(page);
            if (pageId is null)
            {
                if (page.Clicks == 0)
                {
                    // Folded before, but without a rollup, which verify names.
                    continue;
                }

                pageId = _insert.Run(page, updatedAt);
                created++;
            }

            pages.Add((pageId.Value, page));
        }

        // In primary key order, so that neighbouring rows are written to the same page of the file.
        pages.Sort((one, other) => one.PageId.CompareTo(other.PageId));
        foreach (var (pageId, page) in pages.Where(entry => entry.Page.Clicks > 0))
        {
            var newUsers = _visitors.Run(pageId, page);
            _update.Run(pageId, page, newUsers, updatedAt);
        }

        _series.Write(pages, chunk);
        return created;
    }

    private sealed class SelectPageId(SqliteStatement statement)
    {
        private readonly int _url = statement.Parameter("@Url");
        private readonly int _country = statement.Parameter("@Country");

        public long? Run(FoldedPage page)
        {
            statement.Bind(_url, page.Url);
            statement.Bind(_country, page.Country);
            return statement.RunForNumber();
        }
    }

    private sealed class InsertRollup(SqliteStatement statement)
    {
        private readonly int _url = statement.Parameter("@Url");
        private readonly int _country = statement.Parameter("@Country");
        private readonly int _firstClick = statement.Parameter("@FirstClick");
        private readonly int _lastClick = statement.Parameter("@LastClick");
        private readonly int _updatedAt = statement.Parameter("@UpdatedAt");

        public long Run(FoldedPage page, string updatedAt)
        {
            statement.Bind(_url, page.Url);
            statement.Bind(_country, page.Country);
            statement.Bind(_firstClick, page.FirstClick);
            statement.Bind(_lastClick, page.LastClick);
            statement.Bind(_updatedAt, updatedAt);
            return statement.RunForNumber()!.Value;
        }
    }

    private sealed class InsertVisitors(SqliteStatement statement)
    {
        private readonly int _pageId = statement.Parameter("@PageId");
        private readonly int _visitor = statement.Parameter("@Visitor");

        /// <returns>The number of new visitors.</returns>
        public int Run(long pageId, FoldedPage page)
        {
            var added = 0;
            statement.Bind(_pageId, pageId);
            foreach (var visitor in page.Visitors.Order())
            {
                statement.Bind(_visitor, visitor);
                added += statement.Run();
            }

            return added;
        }
    }

    private sealed class UpdateRollup(SqliteStatement statement)
    {
        private readonly int _pageId = statement.Parameter("@PageId");
        private readonly int _clicks = statement.Parameter("@Clicks");
        private readonly int _newUsers = statement.Parameter("@NewUsers");
        private readonly int _firstClick = statement.Parameter("@FirstClick");
        private readonly int _lastClick = statement.Parameter("@LastClick");
        private readonly int _updatedAt = statement.Parameter("@UpdatedAt");

        public void Run(long pageId, FoldedPage page, int newUsers, string updatedAt)
        {
            statement.Bind(_pageId, pageId);
            statement.Bind(_clicks, page.Clicks);
            statement.Bind(_newUsers, newUsers);
            statement.Bind(_firstClick, page.FirstClick);
            statement.Bind(_lastClick, page.LastClick);
            statement.Bind(_updatedAt, updatedAt);
            statement.Run();
        }
    }
}
