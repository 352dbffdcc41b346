using ClickOrleans.Pipeline.Store;
using ClickOrleans.Sql;
using NpgsqlTypes;

namespace ClickOrleans.Postgres;

/// <summary>The rollups in PostgreSQL. A fold is one statement under the aggregation's lock.</summary>
/// <remarks>
/// The statement's snapshot is taken when the lock is held already, so a second aggregation sees what the first has moved. Should
/// the aggregation offsets be moved past the lock, by hand, the compare-and-set finds out and the fold is rolled back.
/// </remarks>
public sealed class PostgresRollupStore(PostgresStoreDatabase database) : SqlRollupStore(database)
{
    public override async Task<FoldResult> FoldAsync(int maxClicks, DateTime now, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxClicks, 1);
        await using var session = await database.BeginAsync(cancellationToken);
        await session.ExecuteAsync("begin_fold", null, cancellationToken);
        await session.ScalarAsync<string>("lock_aggregation", null, cancellationToken);
        var parameters = new { MaxClicks = maxClicks, Now = now };
        var row = (await session.FirstOrDefaultAsync<FoldRow>("fold_clicks", parameters, cancellationToken))!;
        if (row.Moved != row.Expected)
        {
            return new FoldResult(0, 0, More: true);
        }

        await session.CommitAsync(cancellationToken);
        return new FoldResult(row.Clicks, row.Rollups, row.More);
    }

    protected override async Task WriteMarksAsync(
        StoreSession session, IReadOnlyList<IndexedMark> marks, CancellationToken cancellationToken)
    {
        await WriteAsync(session, "mark_indexed", [.. marks.Where(mark => mark.Error is null)], cancellationToken);
        await WriteAsync(session, "mark_rejected", [.. marks.Where(mark => mark.Error is not null)], cancellationToken);
    }

    private static async Task WriteAsync(
        StoreSession session, string statement, List<IndexedMark> marks, CancellationToken cancellationToken)
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
    }
}
