using System.Globalization;
using System.Runtime.InteropServices;
using ClickOrleans.Sql;

namespace ClickOrleans.Sqlite.Store;

/// <summary>Adds the clicks of a fold to the hours of its pages and of the site, and to the site's visitors.</summary>
internal sealed class SeriesWriting(SqliteWriteSession session, CancellationToken cancellationToken)
{
    private const long Site = 0;
    private const int HoursOfDay = 24;

    private readonly UpsertHour _hour = new(session.Bulk(SqliteStoreSql.UpsertClickSeries, cancellationToken));
    private readonly UpsertVisitor _visitor = new(
        session.Bulk(SqliteStoreSql.SelectSiteVisitor, cancellationToken),
        session.Bulk(SqliteStoreSql.UpsertSiteVisitor, cancellationToken));

    private readonly UpsertDay _day = new(session.Bulk(SqliteStoreSql.UpsertSiteDay, cancellationToken));

    public void Write(List<(long PageId, FoldedPage Page)> pages, FoldChunk chunk)
    {
        var visitors = WriteVisitors(chunk.SiteVisits);
        var rows = pages.SelectMany(entry => entry.Page.Hours.Counts.Select(count =>
                (Hour: count.Key, entry.PageId, Clicks: count.Value, Visitors: (long?)null)))
            .Concat(chunk.Site.Counts.Select(count =>
                (Hour: count.Key, PageId: Site, Clicks: count.Value, Visitors: (long?)visitors.GetValueOrDefault(count.Key))))
            .ToList();
        rows.Sort(static (one, other) => string.CompareOrdinal(one.Hour, other.Hour) is var order and not 0
            ? order
            : one.PageId.CompareTo(other.PageId));
        foreach (var (hour, pageId, clicks, ofSite) in rows)
        {
            _hour.Run(hour, pageId, clicks, ofSite);
        }
    }

    /// <returns>By hour, the visitors who were not known in it.</returns>
    private Dictionary<string, long> WriteVisitors(SiteVisits visits)
    {
        var added = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (day, visitors) in visits.Days.OrderBy(day => day.Key, StringComparer.Ordinal))
        {
            var hours = Enumerable.Range(0, HoursOfDay)
                .Select(hour => string.Create(CultureInfo.InvariantCulture, $"{day}T{hour:00}"))
                .ToArray();
            var ofDay = 0L;
            foreach (var (visitor, mask) in visitors.OrderBy(visitor => visitor.Key))
            {
                var known = _visitor.Run(day, visitor, mask);
                ofDay += known == 0 ? 1 : 0;
                for (var left = mask & ~known; left != 0; left &= left - 1)
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(added, hours[int.TrailingZeroCount(left)], out _)++;
                }
            }

            if (ofDay > 0)
            {
                _day.Run(day, ofDay);
            }
        }

        return added;
    }

    private sealed class UpsertHour(SqliteStatement statement)
    {
        private readonly int _hour = statement.Parameter("@Hour");
        private readonly int _pageId = statement.Parameter("@PageId");
        private readonly int _clicks = statement.Parameter("@Clicks");
        private readonly int _visitors = statement.Parameter("@Visitors");

        public void Run(string hour, long pageId, long clicks, long? visitors)
        {
            statement.Bind(_hour, StoredTime.OfHour(hour));
            statement.Bind(_pageId, pageId);
            statement.Bind(_clicks, clicks);
            if (visitors is { } ofSite)
            {
                statement.Bind(_visitors, ofSite);
            }
            else
            {
                statement.BindNull(_visitors);
            }

            statement.Run();
        }
    }

    private sealed class UpsertVisitor(SqliteStatement select, SqliteStatement upsert)
    {
        private readonly int _selectedDay = select.Parameter("@Day");
        private readonly int _selected = select.Parameter("@Visitor");
        private readonly int _day = upsert.Parameter("@Day");
        private readonly int _visitor = upsert.Parameter("@Visitor");
        private readonly int _hours = upsert.Parameter("@Hours");

        /// <returns>The hours that were known before; 0: none.</returns>
        public int Run(string day, long visitor, int hours)
        {
            select.Bind(_selectedDay, day);
            select.Bind(_selected, visitor);
            var known = (int)(select.RunForNumber() ?? 0);
            if ((hours & ~known) != 0)
            {
                upsert.Bind(_day, day);
                upsert.Bind(_visitor, visitor);
                upsert.Bind(_hours, hours);
                upsert.Run();
            }

            return known;
        }
    }

    private sealed class UpsertDay(SqliteStatement statement)
    {
        private readonly int _day = statement.Parameter("@Day");
        private readonly int _visitors = statement.Parameter("@Visitors");

        public void Run(string day, long visitors)
        {
            statement.Bind(_day, day);
            statement.Bind(_visitors, visitors);
            statement.Run();
        }
    }
}
