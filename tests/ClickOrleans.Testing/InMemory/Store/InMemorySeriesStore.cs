using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Testing.InMemory.Store;

internal sealed class InMemorySeriesStore(InMemoryConnection connection) : ISeriesStore
{
    public Task<IReadOnlyList<HourlyClicks>> GetHoursAsync(
        SeriesScope scope, DateTime from, DateTime to, CancellationToken cancellationToken) =>
        connection.ReadAsync<IReadOnlyList<HourlyClicks>>(
            "series_hours",
            state =>
            [
                .. In(state, from, to)
                    .Where(bucket => IsIn(scope, bucket.Rollup))
                    .GroupBy(bucket => bucket.Hour)
                    .OrderBy(hour => hour.Key)
                    .Select(hour => new HourlyClicks(
                        hour.Key,
                        hour.Sum(bucket => bucket.Clicks),
                        scope.IsSite ? state.SiteVisits.Count(visit => visit.Hour == hour.Key) : null)),
            ],
            cancellationToken);

    public Task<IReadOnlyList<long>> GetVisitorsAsync(
        IReadOnlyList<DateTime> boundaries, CancellationToken cancellationToken) =>
        connection.ReadAsync<IReadOnlyList<long>>(
            "series_visitors",
            state =>
            [
                .. boundaries.Zip(boundaries.Skip(1), (from, to) => state.SiteVisits
                    .Where(visit => visit.Hour >= from && visit.Hour < to)
                    .Select(visit => visit.User)
                    .Distinct()
                    .LongCount()),
            ],
            cancellationToken);

    public Task<IReadOnlyList<SeriesRow>> GetRowsAsync(DateTime hour, CancellationToken cancellationToken) =>
        connection.ReadAsync<IReadOnlyList<SeriesRow>>(
            "series_rows",
            state =>
            [
                .. state.Series.Where(bucket => bucket.Key.Hour == hour).Select(bucket =>
                {
                    var rollup = state.Rollups.GetValueOrDefault(bucket.Key.PageId)?.Rollup;
                    return new SeriesRow(
                        hour, bucket.Key.PageId, rollup?.Url, rollup?.Country, bucket.Value,
                        rollup is null ? state.SiteVisits.Count(visit => visit.Hour == hour) : null);
                }),
            ],
            cancellationToken);

    public Task<IReadOnlyList<NamedClicks>> GetTopPagesAsync(
        DateTime from, DateTime to, int limit, CancellationToken cancellationToken) =>
        TopAsync(rollup => rollup.Url, from, to, limit, cancellationToken);

    public Task<IReadOnlyList<NamedClicks>> GetTopCountriesAsync(
        DateTime from, DateTime to, int limit, CancellationToken cancellationToken) =>
        TopAsync(rollup => rollup.Country, from, to, limit, cancellationToken);

    private static bool IsIn(SeriesScope scope, Rollup? rollup) => scope.IsSite
        ? rollup is null
        : rollup is not null
            && (scope.Url is null || scope.Url == rollup.Url)
            && (scope.Country is null || scope.Country == rollup.Country);

    private static IEnumerable<(DateTime Hour, Rollup? Rollup, long Clicks)> In(StoreState state, DateTime from, DateTime to) =>
        state.Series
            .Where(bucket => bucket.Key.Hour >= from && bucket.Key.Hour < to)
            .Select(bucket => (bucket.Key.Hour, state.Rollups.GetValueOrDefault(bucket.Key.PageId)?.Rollup, bucket.Value));

    private Task<IReadOnlyList<NamedClicks>> TopAsync(
        Func<Rollup, string> name, DateTime from, DateTime to, int limit, CancellationToken cancellationToken) =>
        connection.ReadAsync<IReadOnlyList<NamedClicks>>(
            "series_top",
            state =>
            [
                .. In(state, from, to)
                    .Where(bucket => bucket.Rollup is not null)
                    .GroupBy(bucket => name(bucket.Rollup!))
                    .Select(buckets => new NamedClicks(buckets.Key, buckets.Sum(bucket => bucket.Clicks)))
                    .OrderByDescending(top => top.Clicks).ThenBy(top => top.Name, StringComparer.Ordinal)
                    .Take(limit),
            ],
            cancellationToken);
}
