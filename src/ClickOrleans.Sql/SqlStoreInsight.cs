using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Wire;

namespace ClickOrleans.Sql;

/// <summary>The queries of people: dashboard and API.</summary>
public sealed class SqlStoreInsight(StoreDatabase database) : IStoreInsight
{
    public async Task<StoreBalance> GetBalanceAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var row = (await session.FirstOrDefaultAsync<BalanceRow>(SharedSql.SelectBalance, null, cancellationToken))!;
        return new StoreBalance(row.Handled, row.Stored, row.DeadLetters, row.Discarded, row.Lost, row.Duplicates);
    }

    public Task<IReadOnlyList<NamedClicks>> GetTopPagesAsync(int limit, CancellationToken cancellationToken) =>
        TopAsync(SharedSql.SelectTopPages, limit, cancellationToken);

    public Task<IReadOnlyList<NamedClicks>> GetTopCountriesAsync(int limit, CancellationToken cancellationToken) =>
        TopAsync(SharedSql.SelectTopCountries, limit, cancellationToken);

    public async Task<ExplainedRollup?> ExplainAsync(string url, string country, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var rows = await session.QueryAsync<Rollup, CountedRow, ExplainedRollup>(
            SharedSql.RecountRollup,
            new { Url = url, Country = country },
            splitOn: "counted_clicks",
            (rollup, counted) => counted.Explain(rollup),
            cancellationToken);
        return rows.SingleOrDefault();
    }

    public async Task<IReadOnlyList<RawClick>> GetLatestClicksAsync(
        string url, string country, int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var rows = await session.QueryAsync<RawClickRow>(
            SharedSql.SelectLatestClicks, new { Url = url, Country = country, Limit = limit }, cancellationToken);
        return rows.ConvertAll(row => row.ToRawClick());
    }

    public async Task<IReadOnlyList<DeadLetterCount>> CountDeadLettersAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var rows = await session.QueryAsync<CountRow>(SharedSql.CountDeadLetters, null, cancellationToken);
        return rows.ConvertAll(row => new DeadLetterCount(DeadLetterReasons.Parse(row.Reason), row.Partition, row.Count));
    }

    private async Task<IReadOnlyList<NamedClicks>> TopAsync(
        SqlStatement statement, int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var rows = await session.QueryAsync<NamedRow>(statement, new { Limit = limit }, cancellationToken);
        return rows.ConvertAll(row => new NamedClicks(row.Name, row.Clicks));
    }

    private sealed class BalanceRow
    {
        public long Handled { get; init; }
        public long Stored { get; init; }
        public long DeadLetters { get; init; }
        public long Discarded { get; init; }
        public long Lost { get; init; }
        public long Duplicates { get; init; }
    }

    private sealed class NamedRow
    {
        public string Name { get; init; } = "";
        public long Clicks { get; init; }
    }

    private sealed class CountRow
    {
        public string Reason { get; init; } = "";
        public int Partition { get; init; }
        public long Count { get; init; }
    }

    /// <summary>The numbers of a rollup, counted from its clicks.</summary>
    private sealed class CountedRow
    {
        public long CountedClicks { get; init; }
        public long CountedUsers { get; init; }
        public DateTime? CountedFirst { get; init; }
        public DateTime? CountedLast { get; init; }
        public long Waiting { get; init; }

        public ExplainedRollup Explain(Rollup rollup) =>
            new(rollup, CountedClicks, CountedUsers, CountedFirst, CountedLast, Waiting);
    }

    private sealed class RawClickRow : ClickRow
    {
        public short LogId { get; init; }
        public int Partition { get; init; }

        public RawClick ToRawClick() => new(LogId, Partition, Offset, ToClick());
    }
}
