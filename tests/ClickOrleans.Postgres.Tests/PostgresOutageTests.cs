using ClickOrleans.Conformance.Store;
using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Testing;
using Npgsql;

namespace ClickOrleans.Postgres.Tests;

/// <summary>Outage is not poison: only what PostgreSQL says against the data is said against the data.</summary>
public sealed class PostgresOutageTests(PostgresServer server) : StoreConformance
{
    private int _steps;

    private PostgresStoreUnderTest Postgres => (PostgresStoreUnderTest)Store;

    [Theory]
    [InlineData("alter table clickstream_data add check (city <> 'Atlantis')", "23514")]
    [InlineData(
        "alter table clickstream_data add column doubled numeric(2) generated always as (length(city) * 20) stored", "22003")]
    [InlineData("create unique index on clickstream_data (city, stored_on) where city = 'Atlantis'", "23505")]
    public async Task A_row_refused_as_data_is_rejected_and_nothing_is_stored(string rule, string sqlState)
    {
        await Store.ExecuteAsync(rule);
        var batch = Batch(0, 50, offset => offset % 10 == 3 ? null : Click(offset is 17 or 18 ? "Atlantis" : "Ede"));
        await Store.Clicks.StartPartitionAsync(LogId, 0, 0, Cancellation);

        var rejected = await Assert.ThrowsAsync<RejectedByStoreException>(() => Store.Clicks.CommitAsync(batch, Cancellation));

        Assert.Equal(sqlState, Assert.IsType<PostgresException>(rejected.InnerException).SqlState);
        Assert.Empty(await RecordsAsync());
        Assert.Equal(0, (await Store.Clicks.StartPartitionAsync(LogId, 0, 0, Cancellation)).NextOffset);
    }

    [Fact]
    public async Task Limits_of_the_server_end_no_verification_and_no_healing()
    {
        await CommitAsync(Batch(0, 20, offset => Click($"{offset}") with { Url = $"/{offset}" }));
        await FoldAllAsync(20);
        await Postgres.ExecuteAsync("alter database " + await DatabaseAsync() + " set statement_timeout = '1s'");
        await using var limited = (PostgresStoreUnderTest)Store.OpenAnother();
        Assert.Equal("1s", await limited.ScalarAsync<string>("show statement_timeout"));

        await using (var snapshot = await limited.Audit.OpenSnapshotAsync(Cancellation))
        {
            Assert.Empty(await WhileLockedAsync("click_rollups", () => snapshot.RecountAsync(null, 0, 10, Cancellation)));
        }

        var found = new IndexState(1, Guid.NewGuid(), 0);
        Assert.Equal(
            IndexHistory.StoreWentBack,
            await WhileLockedAsync("click_rollups", () => limited.Rollups.CompareHistoryAsync(found, Cancellation)));

        Assert.Equal("1s", await limited.ScalarAsync<string>("show statement_timeout"));
        var rollups = await Store.Rollups.ReadRollupsAsync(0, 30, Cancellation);
        Assert.Equal(20, rollups.Count(rollup => rollup.Version > 1L << RollupVersion.CountBits));
    }

    [Fact]
    public async Task A_retry_refused_as_data_is_rejected_and_leaves_the_dead_letter()
    {
        await Store.ExecuteAsync("alter table clickstream_data add check (city <> 'Atlantis')");
        await CommitAsync(Batch(0, 1, _ => null));
        var id = new DeadLetterId(LogId, 0, 0);

        await Assert.ThrowsAsync<RejectedByStoreException>(
            () => Store.DeadLetters.RetryAsync(id, Click("Atlantis"), Cancellation));

        Assert.NotNull(await Store.DeadLetters.FindAsync(id, Cancellation));
    }

    [Theory]
    [InlineData("40P01")] // deadlock detected
    [InlineData("40001")] // serialization failure
    [InlineData("53100")] // disk full
    [InlineData("53300")] // too many connections
    [InlineData("55P03")] // lock not available
    [InlineData("57014")] // query cancelled
    [InlineData("57P01")] // shut down by an administrator
    [InlineData("58030")] // I/O error
    [InlineData("XX000")] // internal error
    public async Task An_error_that_says_nothing_against_the_rows_passes_through(string sqlState)
    {
        await Store.ExecuteAsync($"""
            create function fail() returns trigger language plpgsql as
            $$ begin raise exception 'drill' using errcode = '{sqlState}'; end $$;
            create trigger fail before insert on clickstream_data for each row execute function fail();
            """);
        await Store.Clicks.StartPartitionAsync(LogId, 0, 0, Cancellation);

        var outage = await Assert.ThrowsAsync<PostgresException>(() => Store.Clicks.CommitAsync(Batch(0, 5), Cancellation));

        Assert.Equal(sqlState, outage.SqlState);
        await Store.ExecuteAsync("drop trigger fail on clickstream_data");
        Assert.Empty(await RecordsAsync());
        await CommitAsync(Batch(0, 5));
    }

    [Fact]
    public async Task A_read_only_database_is_an_outage_until_it_is_writable_again()
    {
        await CommitAsync(Batch(0, 5));
        var name = await Postgres.ScalarAsync<string>("select current_database()::text");
        await Store.ExecuteAsync($"alter database {name} set default_transaction_read_only = on");
        await using var readOnly = Store.OpenAnother();

        var outage = await Assert.ThrowsAsync<PostgresException>(() => readOnly.Clicks.CommitAsync(Batch(5, 9), Cancellation));
        await Assert.ThrowsAsync<PostgresException>(() => readOnly.Rollups.FoldAsync(10, Noon, Cancellation));

        Assert.Equal("25006", outage.SqlState);
        await Store.ExecuteAsync(
            $"set default_transaction_read_only = off; alter database {name} reset default_transaction_read_only");
        Assert.True(await Store.Clicks.CommitAsync(Batch(5, 9), Cancellation));
    }

    [Fact]
    public async Task A_pooled_connection_to_an_old_primary_is_given_up_when_it_turns_out_to_be_read_only()
    {
        await CommitAsync(Batch(0, 5));
        var name = await Postgres.ScalarAsync<string>("select current_database()::text");
        await Store.ExecuteAsync($"alter database {name} set default_transaction_read_only = on");
        await using var pooled = Store.OpenAnother();
        await pooled.Clicks.GetTotalsAsync(Cancellation);
        await Store.ExecuteAsync(
            $"set default_transaction_read_only = off; alter database {name} reset default_transaction_read_only");

        var outage = await Assert.ThrowsAsync<PostgresException>(() => pooled.Clicks.CommitAsync(Batch(5, 9), Cancellation));

        // What the pool held from before the failover was read-only; what it opens now is not.
        Assert.Equal("25006", outage.SqlState);
        Assert.True(await pooled.Clicks.CommitAsync(Batch(5, 9), Cancellation));
    }

    [Fact]
    public async Task A_backend_ended_in_the_middle_of_a_commit_stores_nothing()
    {
        await StallInsertsAsync();
        var commit = Store.Clicks.CommitAsync(Batch(0, 5), Cancellation);
        var processId = await WaitForStalledAsync();

        await Store.ExecuteAsync($"select pg_terminate_backend({processId}, 10000)");

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => commit);
        await Store.ExecuteAsync("drop trigger stall on clickstream_data");
        Assert.Empty(await RecordsAsync());
        await CommitAsync(Batch(0, 5));
    }

    [Fact]
    public async Task A_cancelled_commit_stores_nothing()
    {
        await StallInsertsAsync();
        using var cancelled = new CancellationTokenSource();
        var commit = Store.Clicks.CommitAsync(Batch(0, 5), cancelled.Token);
        await WaitForStalledAsync();

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => commit);
        await Store.ExecuteAsync("drop trigger stall on clickstream_data");
        Assert.Empty(await RecordsAsync());
    }

    [Fact]
    public async Task Backends_ended_at_random_lose_and_double_nothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 3).Select(
            partition => Store.Clicks.StartPartitionAsync(LogId, partition, 0, Cancellation)));
        using var done = new CancellationTokenSource();
        var killer = EndBackendsAsync(done.Token);
        var folder = Task.Run(() => StubbornlyAsync(async () =>
        {
            await Store.Rollups.FoldAsync(500, Noon, Cancellation);
            return done.IsCancellationRequested;
        }));

        await Task.WhenAll(Enumerable.Range(0, 3).Select(partition => Task.Run(() => StubbornlyAsync(async () =>
        {
            var next = (await Store.Clicks.StartPartitionAsync(LogId, partition, 0, Cancellation)).NextOffset;
            await Store.Clicks.CommitAsync(
                Batch(next, next + 50, offset => offset % 9 == 0 ? null : Click("Ede"), partition), Cancellation);
            return next + 50 >= 5000;
        }))));
        await done.CancelAsync();
        await killer;
        await folder;

        // This store's pool may still hold connections whose backends were ended.
        await using var fresh = Store.OpenAnother();
        while ((await fresh.Rollups.FoldAsync(5000, Noon, Cancellation)).More)
        {
        }

        await using var snapshot = await fresh.Audit.OpenSnapshotAsync(Cancellation);
        foreach (var partition in await snapshot.GetPartitionsAsync(Cancellation))
        {
            Assert.Equal(partition.StoredRows, partition.Stored);
            Assert.Empty(await snapshot.FindGapsAsync(partition, 10, Cancellation));
            Assert.Empty(await snapshot.FindStrayOffsetsAsync(partition, 10, Cancellation));
        }

        Assert.Empty(await snapshot.RecountAsync(null, 0, 10, Cancellation));
    }

    [Fact]
    public async Task A_fold_whose_offset_was_moved_meanwhile_is_rolled_back()
    {
        await CommitAsync(Batch(0, 20));
        await Store.Rollups.FoldAsync(5, Noon, Cancellation);
        var before = await RollupsAsync();
        await using var connection = await Postgres.Source.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using (var move = new NpgsqlCommand("update aggregation_offsets set next_offset = 7", connection, transaction))
        {
            await move.ExecuteNonQueryAsync(Cancellation);
        }

        var fold = Store.Rollups.FoldAsync(5, Noon, Cancellation);
        await WaitForAsync("wait_event_type = 'Lock'");
        await transaction.CommitAsync(Cancellation);

        Assert.Equal(new FoldResult(0, 0, More: true), await fold);
        Assert.Equal(before, await RollupsAsync());
    }

    [Fact]
    public void A_password_is_in_no_description()
    {
        using var source = PostgresBuilderExtensions.CreateSource(
            "Host=db;Port=5433;Database=clicks;Username=u;Password=hush", null);
        var schema = new PostgresStoreSchema(
            new PostgresStoreDatabase(source),
            Microsoft.Extensions.Logging.Abstractions.NullLogger<PostgresStoreSchema>.Instance);

        Assert.Equal("PostgreSQL db:5433/clicks", schema.Description);
    }

    protected override async Task<StoreUnderTest> CreateAsync() =>
        PostgresStoreUnderTest.Open(await server.CreateDatabaseAsync());

    private Task<string> DatabaseAsync() => Postgres.ScalarAsync<string>("select current_database()::text");

    private static Click Click(string city) => ClickAt(Noon) with { City = city };

    private async Task StallInsertsAsync()
    {
        await Store.ExecuteAsync("""
            create function stall() returns trigger language plpgsql as $$ begin perform pg_sleep(60); return new; end $$;
            create trigger stall before insert on clickstream_data for each row execute function stall();
            """);
        await Store.Clicks.StartPartitionAsync(LogId, 0, 0, Cancellation);
    }

    /// <summary>Runs what has to wait for a table longer than a second.</summary>
    private async Task<T> WhileLockedAsync<T>(string table, Func<Task<T>> call)
    {
        await using var connection = await Postgres.Source.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var lockTable = new NpgsqlCommand($"lock table {table}", connection, transaction);
        await lockTable.ExecuteNonQueryAsync(Cancellation);

        var running = call();
        await WaitForAsync("wait_event_type = 'Lock' and clock_timestamp() - query_start > interval '1.5 s'");
        await transaction.CommitAsync(Cancellation);
        return await running;
    }

    private Task<int> WaitForStalledAsync() => WaitForAsync("wait_event = 'PgSleep'");

    private async Task<int> WaitForAsync(string condition)
    {
        var processId = 0;
        await Poll.UntilAsync(
            async () => (processId = await Postgres.ScalarAsync<int>(
                "select coalesce((select pid from pg_stat_activity " +
                $"where datname = current_database() and {condition} limit 1), 0)")) != 0,
            interval: TimeSpan.FromMilliseconds(10));
        return processId;
    }

    /// <summary>Ends one after another, each when something was done since the last: a slow machine gets on, too.</summary>
    private async Task EndBackendsAsync(CancellationToken done)
    {
        await using var another = PostgresStoreUnderTest.Open(Postgres.Source.ConnectionString + ";Application Name=killer");
        while (!done.IsCancellationRequested)
        {
            await another.ExecuteAsync("""
                select pg_terminate_backend(pid)
                from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid() and application_name <> 'killer'
                order by random()
                limit 1
                """);
            var before = Volatile.Read(ref _steps);
            await Poll.UntilAsync(
                () => Volatile.Read(ref _steps) > before || done.IsCancellationRequested,
                interval: TimeSpan.FromMilliseconds(20));
        }
    }

    private async Task StubbornlyAsync(Func<Task<bool>> step)
    {
        while (true)
        {
            try
            {
                var isLast = await step();
                Interlocked.Increment(ref _steps);
                if (isLast)
                {
                    return;
                }
            }
            catch (Exception exception) when (Store.IsOutage(exception))
            {
                // Tried again: what became of it is read from the store.
            }
        }
    }
}
