using ClickOrleans.Conformance.Store;
using ClickOrleans.Pipeline.DeadLetters;
using Npgsql;

namespace ClickOrleans.Postgres.Tests;

/// <summary>The table partitions of <c>clickstream_data</c>: there is one for every day, whatever happens.</summary>
public sealed class ClickDaysTests(PostgresServer server) : StoreConformance
{
    private const string DropDays =
        """
        do $$
        declare
          day regclass;
        begin
          for day in select inhrelid from pg_inherits where inhparent = 'clickstream_data'::regclass loop
            execute format('drop table %s', day);
          end loop;
        end
        $$
        """;

    [Fact]
    public async Task A_commit_makes_the_day_that_is_missing_and_no_dead_letter()
    {
        await CommitAsync(Batch(0, 3));
        await Store.ExecuteAsync(DropDays);

        await CommitAsync(Batch(3, 8));

        Assert.Equal([3L, 4, 5, 6, 7], (await RecordsAsync()).Select(record => record.Offset));
        Assert.Equal(0, (await Store.Clicks.GetTotalsAsync(Cancellation)).DeadLetters);
    }

    [Fact]
    public async Task A_retry_makes_the_day_that_is_missing()
    {
        await CommitAsync(Batch(0, 3, _ => null));
        await Store.ExecuteAsync(DropDays);

        Assert.True(await Store.DeadLetters.RetryAsync(new DeadLetterId(LogId, 0, 1), ClickAt(Noon), Cancellation));

        Assert.Equal(1, (await RecordsAsync())[1].Offset);
    }

    [Fact]
    public async Task A_fold_makes_the_days_ahead()
    {
        await Store.ExecuteAsync(DropDays);

        await Store.Rollups.FoldAsync(10, Noon, Cancellation);

        Assert.Equal(8L, await CountDaysAsync());
    }

    [Fact]
    public async Task Many_make_the_missing_day_at_once()
    {
        await Store.ExecuteAsync(DropDays);
        var stores = Enumerable.Range(0, 4).Select(_ => Store.OpenAnother()).ToList();

        await Task.WhenAll(stores.Select((store, partition) => Task.Run(async () =>
        {
            await store.Clicks.StartPartitionAsync(LogId, partition, 0, Cancellation);
            Assert.True(await store.Clicks.CommitAsync(Batch(0, 5, partition: partition), Cancellation));
        })));

        Assert.Equal(20, (await Store.Clicks.GetTotalsAsync(Cancellation)).Stored);
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_day_is_made_while_others_read_and_write()
    {
        await CommitAsync(Batch(0, 5));
        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        Assert.Single(await snapshot.GetPartitionsAsync(Cancellation));
        await using var connection = await ((PostgresStoreUnderTest)Store).Source.OpenConnectionAsync(Cancellation);
        await using var writing = await connection.BeginTransactionAsync(Cancellation);
        await using var insert = new NpgsqlCommand(
            """
            insert into clickstream_data
              (log_id, partition, "offset", user_id, "timestamp", url, country, city, browser, os, device)
            values (1, 7, 0, 'ann', now(), '/', '', '', '', '', '')
            """,
            connection);
        await insert.ExecuteNonQueryAsync(Cancellation);

        await Store.ExecuteAsync("set lock_timeout = '1s'; select create_click_days(20)");

        Assert.Equal(21L, await CountDaysAsync());
    }

    protected override async Task<StoreUnderTest> CreateAsync() =>
        PostgresStoreUnderTest.Open(await server.CreateDatabaseAsync());

    private Task<long> CountDaysAsync() => ((PostgresStoreUnderTest)Store).ScalarAsync<long>(
        "select count(*) from pg_inherits where inhparent = 'clickstream_data'::regclass");
}
