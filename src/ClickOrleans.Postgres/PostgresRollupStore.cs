using ClickOrleans.Pipeline.Store;
using ClickOrleans.Sql;
using NpgsqlTypes;

namespace ClickOrleans.Postgres;

/// <summary>The rollups in PostgreSQL. A fold is one statement, run while the aggregation is locked.</summary>
/// <remarks>
/// The statement's snapshot is taken while the lock is held, so a second aggregation sees the offsets that the first has
/// committed. If the aggregation offsets are changed without the lock, by hand, the compare-and-set fails and the fold is rolled
/// back.
/// </remarks>
public sealed class PostgresRollupStore(PostgresStoreDatabase database)
    : SqlRollupStore(database, PostgresSql.LockAggregation)
{
    private readonly PostgresVisitorHashing _hashing = new(database);
    private long _daysMadeIn;

    public override Task<bool> HashVisitorsAsync(CancellationToken cancellationToken) =>
        _hashing.HashClicksAsync(cancellationToken);

    public override async Task<FoldResult> FoldAsync(int maxClicks, DateTime now, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxClicks, 1);
        await CreateDaysAsync(now, cancellationToken);
        var row = await TryFoldAsync(maxClicks, now, cancellationToken);
        if (row.UnhashedVisitors)
        {
            await _hashing.HashPagesAsync(cancellationToken);
        }
        else if (row.UnhashedClicks)
        {
            await _hashing.HashUnfoldedAsync(cancellationToken);
        }

        return row.IsFolded
            ? new FoldResult(row.Clicks, row.Rollups, row.More, row.SeriesBehind)
            : new FoldResult(0, 0, More: true);
    }

    private async Task<FoldRow> TryFoldAsync(int maxClicks, DateTime now, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginAsync(cancellationToken);
        await session.ExecuteAsync(PostgresSql.ConfigureFold, null, cancellationToken);
        await session.ScalarAsync<string>(PostgresSql.LockAggregation, null, cancellationToken);
        var parameters = new { MaxClicks = maxClicks, Now = now };
        var row = (await session.FirstOrDefaultAsync<FoldRow>(PostgresSql.FoldClicks, parameters, cancellationToken))!;
        if (row.IsFolded)
        {
            await session.CommitAsync(cancellationToken);
        }

        return row;
    }

    /// <summary>Once an hour: who folds is one of the silos, and always there.</summary>
    private async Task CreateDaysAsync(DateTime now, CancellationToken cancellationToken)
    {
        var hour = now.Ticks / TimeSpan.TicksPerHour;
        if (hour != _daysMadeIn)
        {
            await database.CreateDaysAsync(cancellationToken);
            _daysMadeIn = hour;
        }
    }

    protected override async Task WriteMarksAsync(
        StoreSession session, IReadOnlyList<IndexedMark> marks, CancellationToken cancellationToken)
    {
        await WriteAsync(session, PostgresSql.MarkIndexed, [.. marks.Where(mark => mark.Error is null)], cancellationToken);
        await WriteAsync(session, PostgresSql.MarkRejected, [.. marks.Where(mark => mark.Error is not null)], cancellationToken);
    }

    private static async Task WriteAsync(
        StoreSession session, SqlStatement statement, List<IndexedMark> marks, CancellationToken cancellationToken)
    {
        if (marks.Count > 0)
        {
            var parameters = new PostgresParameters()
                .AddColumn("PageIds", NpgsqlDbType.Bigint, marks.ConvertAll(mark => mark.PageId))
                .AddColumn("Versions", NpgsqlDbType.Bigint, marks.ConvertAll(mark => mark.Version))
                .AddColumn("Errors", NpgsqlDbType.Text, marks.ConvertAll(mark => mark.Error));
            await session.ExecuteAsync(statement, parameters, cancellationToken);
        }
    }

    private sealed class FoldRow
    {
        public long Clicks { get; init; }
        public int Rollups { get; init; }
        public long Expected { get; init; }
        public long Moved { get; init; }
        public bool More { get; init; }
        public bool SeriesBehind { get; init; }
        public bool UnhashedClicks { get; init; }
        public bool UnhashedVisitors { get; init; }

        /// <summary>False where the result must not be committed.</summary>
        public bool IsFolded => Moved == Expected && !UnhashedClicks && !UnhashedVisitors;
    }
}
