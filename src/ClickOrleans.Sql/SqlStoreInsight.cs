using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Wire;

namespace ClickOrleans.Sql;

/// <summary>What a person asks the store.</summary>
public sealed class SqlStoreInsight(StoreDatabase database) : IStoreInsight
{
    public async Task<StoreBalance> GetBalanceAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var row = (await session.FirstOrDefaultAsync<BalanceRow>("select_balance", null, cancellationToken))!;
        return new StoreBalance(row.Handled, row.Stored, row.DeadLetters, row.Discarded, row.Lost);
    }

    public Task<IReadOnlyList<NamedClicks>> GetTopPagesAsync(int limit, CancellationToken cancellationToken) =>
        TopAsync("select_top_pages", limit, cancellationToken);

    public Task<IReadOnlyList<NamedClicks>> GetTopCountriesAsync(int limit, CancellationToken cancellationToken) =>
        TopAsync("select_top_countries", limit, cancellationToken);

    public async Task<ExplainedRollup?> ExplainAsync(string url, string country, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var row = await session.FirstOrDefaultAsync<ExplainedRow>("explain_rollup", new { Url = url, Country = country }, cancellationToken);
        return row?.ToExplained();
    }

    public async Task<IReadOnlyList<RawClick>> GetLatestClicksAsync(string url, string country, int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var rows = await session.QueryAsync<RawClickRow>(
            "select_latest_clicks", new { Url = url, Country = country, Limit = limit }, cancellationToken);
        return rows.ConvertAll(row => row.ToRawClick());
    }

    public async Task<IReadOnlyList<DeadLetterCount>> CountDeadLettersAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var rows = await session.QueryAsync<CountRow>("count_dead_letters", null, cancellationToken);
        return rows.ConvertAll(row => new DeadLetterCount(DeadLetterReasons.Parse(row.Reason), row.Partition, row.Count));
    }

    private async Task<IReadOnlyList<NamedClicks>> TopAsync(string statement, int limit, CancellationToken cancellationToken)
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

    private sealed class ExplainedRow : RollupRow
    {
        public long CountedClicks { get; init; }
        public long CountedUsers { get; init; }
        public StoredTime? CountedFirst { get; init; }
        public StoredTime? CountedLast { get; init; }
        public long Waiting { get; init; }

        public ExplainedRollup ToExplained() => new(
            ToRollup(),
            CountedClicks,
            CountedUsers,
            CountedFirst?.Utc,
            CountedLast?.Utc,
            Waiting);
    }

    private sealed class RawClickRow : ClickRow
    {
        public short LogId { get; init; }
        public int Partition { get; init; }

        public RawClick ToRawClick() => new(LogId, Partition, Offset, ToClick());
    }
}
