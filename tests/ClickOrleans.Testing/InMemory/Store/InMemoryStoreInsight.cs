using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Testing.InMemory.Store;

internal sealed class InMemoryStoreInsight(InMemoryConnection connection) : IStoreInsight
{
    public Task<StoreBalance> GetBalanceAsync(CancellationToken cancellationToken) => connection.ReadAsync(
        "balance",
        state => new StoreBalance(
            state.Partitions.Values.Sum(rows => rows.Consumed is { } consumed ? consumed.Next - consumed.Start : 0),
            state.Partitions.Values.Sum(rows => rows.Consumed?.Stored ?? 0),
            state.Partitions.Values.Sum(rows => rows.Consumed?.OpenDeadLetters ?? 0),
            state.Partitions.Values.Sum(rows => rows.Letters.Values.LongCount(letter => letter.DiscardedAt is not null)),
            state.Partitions.Values.Sum(rows => rows.Lost.Sum(lost => lost.Count)),
            state.Partitions.Values.Sum(rows => rows.Consumed?.Duplicates ?? 0)),
        cancellationToken);

    public Task<IReadOnlyList<NamedClicks>> GetTopPagesAsync(int limit, CancellationToken cancellationToken) =>
        TopAsync(rollup => rollup.Url, limit, cancellationToken);

    public Task<IReadOnlyList<NamedClicks>> GetTopCountriesAsync(int limit, CancellationToken cancellationToken) =>
        TopAsync(rollup => rollup.Country, limit, cancellationToken);

    public Task<ExplainedRollup?> ExplainAsync(string url, string country, CancellationToken cancellationToken) =>
        connection.ReadAsync("explain", state => Explain(state, url, country), cancellationToken);

    public Task<IReadOnlyList<RawClick>> GetLatestClicksAsync(
        string url, string country, int limit, CancellationToken cancellationToken) =>
        connection.ReadAsync<IReadOnlyList<RawClick>>(
            "latest_clicks",
            state =>
            [
                .. state.Partitions
                    .SelectMany(entry => entry.Value.Clicks
                        .Where(click => click.Click.Url == url && click.Click.Country == country)
                        .Select(click => new RawClick(entry.Key.LogId, entry.Key.Partition, click.Offset, click.Click)))
                    .OrderByDescending(click => click.Click.Timestamp)
                    .Take(limit),
            ],
            cancellationToken);

    public Task<IReadOnlyList<DeadLetterCount>> CountDeadLettersAsync(CancellationToken cancellationToken) =>
        connection.ReadAsync<IReadOnlyList<DeadLetterCount>>(
            "count_dead_letters",
            state =>
            [
                .. state.Partitions
                    .SelectMany(entry => entry.Value.Letters.Values
                        .Where(letter => letter.DiscardedAt is null)
                        .Select(letter => (letter.Letter.Reason, entry.Key.Partition)))
                    .GroupBy(letter => letter)
                    .OrderBy(letters => letters.Key.Reason.Name(), StringComparer.Ordinal)
                    .ThenBy(letters => letters.Key.Partition)
                    .Select(letters => new DeadLetterCount(letters.Key.Reason, letters.Key.Partition, letters.Count())),
            ],
            cancellationToken);

    private static ExplainedRollup? Explain(StoreState state, string url, string country)
    {
        if (!state.PageIds.TryGetValue((url, country), out var pageId) || !state.Rollups.TryGetValue(pageId, out var row))
        {
            return null;
        }

        var clicks = state.Partitions.Values
            .SelectMany(rows => rows.Clicks.Select(click => (click.Click, IsFolded: rows.IsFolded(click))))
            .Where(click => click.Click.Url == url && click.Click.Country == country)
            .ToLookup(click => click.IsFolded, click => click.Click);
        return new ExplainedRollup(
            row.Rollup,
            clicks[true].Count(),
            clicks[true].Select(click => click.UserId).Distinct().Count(),
            clicks[true].Select(click => (DateTime?)click.Timestamp).Min(),
            clicks[true].Select(click => (DateTime?)click.Timestamp).Max(),
            clicks[false].Count());
    }

    private Task<IReadOnlyList<NamedClicks>> TopAsync(
        Func<Rollup, string> name, int limit, CancellationToken cancellationToken) =>
        connection.ReadAsync<IReadOnlyList<NamedClicks>>(
            "top",
            state =>
            [
                .. state.Rollups.Values
                    .GroupBy(row => name(row.Rollup))
                    .Select(rows => new NamedClicks(rows.Key, rows.Sum(row => row.Rollup.Clicks)))
                    .OrderByDescending(top => top.Clicks).ThenBy(top => top.Name, StringComparer.Ordinal)
                    .Take(limit),
            ],
            cancellationToken);
}
