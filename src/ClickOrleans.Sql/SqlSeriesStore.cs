using System.Globalization;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Sql;

/// <summary>Clicks by the hour, read from <c>click_series</c>.</summary>
/// <remarks>
/// What adds up many rows is read in a snapshot, whose session is configured for that: without compiling the statement, and with
/// memory to group in. The caller's cancellation is its limit.
/// </remarks>
public sealed class SqlSeriesStore(StoreDatabase database) : ISeriesStore
{
    public async Task<IReadOnlyList<HourlyClicks>> GetHoursAsync(
        SeriesScope scope, DateTime from, DateTime to, CancellationToken cancellationToken)
    {
        var statement = scope.IsSite ? SharedSql.SelectSiteHours : database.Series.SelectHours;
        await using var session = scope.IsSite
            ? await database.OpenAsync(cancellationToken)
            : await database.BeginSnapshotAsync(cancellationToken);
        var rows = await session.QueryAsync<HourRow>(
            statement,
            new { scope.Url, scope.Country, From = database.Time(from), To = database.Time(to) },
            cancellationToken);
        return rows.ConvertAll(row => new HourlyClicks(row.Hour, row.Clicks, row.Visitors));
    }

    public async Task<IReadOnlyList<long>> GetVisitorsAsync(
        IReadOnlyList<DateTime> boundaries, CancellationToken cancellationToken)
    {
        var areDays = AreDays(boundaries);
        await using var session = areDays
            ? await database.OpenAsync(cancellationToken)
            : await database.BeginSnapshotAsync(cancellationToken);
        var visitors = new long[boundaries.Count - 1];
        if (areDays)
        {
            var (from, to) = (DateOnly.FromDateTime(boundaries[0]), DateOnly.FromDateTime(boundaries[^1]));
            var parameters = new { From = database.Day(from), To = database.Day(to) };
            foreach (var row in await session.QueryAsync<DayRow>(SharedSql.SelectSiteDays, parameters, cancellationToken))
            {
                visitors[row.Date.DayNumber - from.DayNumber] = row.Visitors;
            }
        }
        else
        {
            foreach (var row in await session.QueryAsync<BucketRow>(
                database.Series.CountVisitors, database.DayParts(PartsOf(boundaries)), cancellationToken))
            {
                visitors[row.Bucket] = row.Visitors;
            }
        }

        return visitors;
    }

    public async Task<IReadOnlyList<SeriesRow>> GetRowsAsync(DateTime hour, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var rows = await session.QueryAsync<PageHourRow>(
            SharedSql.SelectSeriesRows, new { Hour = database.Time(hour) }, cancellationToken);
        return rows.ConvertAll(row => new SeriesRow(row.Hour, row.PageId, row.Url, row.Country, row.Clicks, row.Visitors));
    }

    public Task<IReadOnlyList<NamedClicks>> GetTopPagesAsync(
        DateTime from, DateTime to, int limit, CancellationToken cancellationToken) =>
        TopAsync(SharedSql.SelectTopPagesInRange, from, to, limit, cancellationToken);

    public Task<IReadOnlyList<NamedClicks>> GetTopCountriesAsync(
        DateTime from, DateTime to, int limit, CancellationToken cancellationToken) =>
        TopAsync(SharedSql.SelectTopCountriesInRange, from, to, limit, cancellationToken);

    private static bool AreDays(IReadOnlyList<DateTime> boundaries) =>
        Enumerable.Range(0, boundaries.Count).All(number => boundaries[number] == boundaries[0].Date.AddDays(number));

    private static List<DayPart> PartsOf(IReadOnlyList<DateTime> boundaries)
    {
        var parts = new List<DayPart>();
        for (var bucket = 0; bucket < boundaries.Count - 1; bucket++)
        {
            var mask = 0;
            for (var hour = boundaries[bucket]; hour < boundaries[bucket + 1]; hour = hour.AddHours(1))
            {
                mask |= 1 << hour.Hour;
                if (hour.Hour == 23 || hour.AddHours(1) == boundaries[bucket + 1])
                {
                    parts.Add(new DayPart(bucket, DateOnly.FromDateTime(hour), mask));
                    mask = 0;
                }
            }
        }

        return parts;
    }

    private async Task<IReadOnlyList<NamedClicks>> TopAsync(
        SqlStatement statement, DateTime from, DateTime to, int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginSnapshotAsync(cancellationToken);
        var rows = await session.QueryAsync<NamedRow>(
            statement, new { From = database.Time(from), To = database.Time(to), Limit = limit }, cancellationToken);
        return rows.ConvertAll(row => new NamedClicks(row.Name, row.Clicks));
    }

    private sealed class PageHourRow : HourRow
    {
        public long PageId { get; init; }
        public string? Url { get; init; }
        public string? Country { get; init; }
    }

    private class HourRow
    {
        public DateTime Hour { get; init; }
        public long Clicks { get; init; }
        public long? Visitors { get; init; }
    }

    private sealed class DayRow
    {
        public object Day { get; init; } = "";
        public long Visitors { get; init; }

        public DateOnly Date => Day switch
        {
            DateOnly day => day,
            DateTime day => DateOnly.FromDateTime(day),
            var text => DateOnly.ParseExact((string)text, "yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
    }

    private sealed class BucketRow
    {
        public int Bucket { get; init; }
        public long Visitors { get; init; }
    }

    private sealed class NamedRow
    {
        public string Name { get; init; } = "";
        public long Clicks { get; init; }
    }
}
