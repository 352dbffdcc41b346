using ClickOrleans.Conformance.Store;
using ClickOrleans.Pipeline;

namespace ClickOrleans.Postgres.Tests;

/// <summary>The store behind a pooler that hands out server connections by transaction.</summary>
public sealed class PgBouncerTests(PostgresServer server, PgBouncer pooler) : StoreConformance, IClassFixture<PgBouncer>
{
    [Fact]
    public async Task The_schema_is_applied_by_any_number_of_starts_and_leaves_no_lock_behind()
    {
        for (var start = 0; start < 5; start++)
        {
            await using var silo = Store.OpenAnother();
            await silo.Schema.ApplyAsync(Cancellation);
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await using var silo = Store.OpenAnother();
            await silo.Schema.ApplyAsync(Cancellation);
        }));

        var locks = await ((PostgresStoreUnderTest)Store).ScalarAsync<long>("""
            select count(*)
            from pg_locks as lock
            join pg_database as database on database.oid = lock.database
            where lock.locktype = 'advisory' and database.datname = current_database()
            """);
        Assert.Equal(0, locks);
    }

    [Fact]
    public async Task Many_sessions_at_once_store_and_fold_every_click()
    {
        const int Partitions = 6;
        const int Batches = 20;
        const int BatchSize = 25;
        await Task.WhenAll(Enumerable.Range(0, Partitions).Select(async partition =>
        {
            // A pool of its own for each, and more of them than pgbouncer has server connections.
            await using var silo = Store.OpenAnother();
            await silo.Clicks.StartPartitionAsync(LogId, partition, 0, Cancellation);
            for (var next = 0; next < Batches * BatchSize; next += BatchSize)
            {
                Assert.True(await silo.Clicks.CommitAsync(
                    Batch(next, next + BatchSize, offset => offset % 5 == 0 ? null : ClickAt(Noon), partition), Cancellation));
                await silo.Rollups.FoldAsync(100, Noon, Cancellation);
                await silo.Rollups.GetUnindexedAsync(10, Cancellation);
            }
        }));
        while ((await Store.Rollups.FoldAsync(10_000, Noon, Cancellation)).More)
        {
        }

        var totals = await Store.Clicks.GetTotalsAsync(Cancellation);
        Assert.Equal(Partitions * Batches * BatchSize * 4 / 5, totals.Stored);
        Assert.Equal(Partitions * Batches * BatchSize / 5, totals.DeadLetters);
        Assert.Equal(totals.Stored, totals.Folded);
        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        Assert.Empty(await snapshot.RecountAsync(null, 0, 10, Cancellation));
    }

    protected override async Task<StoreUnderTest> CreateAsync() =>
        PostgresStoreUnderTest.Open(await pooler.ThroughAsync(await server.CreateDatabaseAsync()));
}
