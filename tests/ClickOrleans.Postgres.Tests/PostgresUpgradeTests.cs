using ClickOrleans.Conformance.Store;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Sql;
using DbUp;
using Npgsql;

namespace ClickOrleans.Postgres.Tests;

/// <summary>What a database of an earlier version becomes.</summary>
public sealed class PostgresUpgradeTests(PostgresServer server) : StoreUpgradeConformance
{
    /// <summary>The scripts of the version before clicks were partitioned by day.</summary>
    private const int EarlierScripts = 4;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_table_of_an_earlier_version_becomes_a_table_partition_and_is_not_copied()
    {
        await using var store = (PostgresStoreUnderTest)await CreateEarlierAsync();
        await store.ExecuteAsync(
            """
            insert into clickstream_data
            select number, now(), 0, 1, 'ann', '/', 'NL', 'Utrecht', 'Firefox', 'Linux', 'desktop'
            from generate_series(0, 9999) as number
            """);
        var before = await store.ScalarAsync<uint>("select pg_relation_filenode('clickstream_data')");

        await store.Schema.ApplyAsync(Cancellation);

        Assert.Equal(before, await store.ScalarAsync<uint>("select pg_relation_filenode('clickstream_data_first')"));
        Assert.Equal(10_000L, await store.ScalarAsync<long>("select count(*) from clickstream_data"));
        Assert.Equal(
            10_000L,
            await store.ScalarAsync<long>(
                "select count(*) from clickstream_data where stored_on = (now() at time zone 'utc')::date and visitor is null"));
        Assert.Equal(
            "PRIMARY KEY (log_id, partition, \"offset\", stored_on)",
            await store.ScalarAsync<string>(
                "select pg_get_constraintdef(oid) from pg_constraint "
                + "where conrelid = 'clickstream_data_first'::regclass and contype = 'p'"));
    }

    [Fact]
    public async Task A_new_database_has_a_table_partition_for_today_and_each_of_the_next_days()
    {
        await using var store = PostgresStoreUnderTest.Open(await server.CreateDatabaseAsync());

        await store.Schema.ApplyAsync(Cancellation);

        Assert.Equal(
            8L, await store.ScalarAsync<long>("select count(*) from pg_inherits where inhparent = 'clickstream_data'::regclass"));
        Assert.Equal(
            1L,
            await store.ScalarAsync<long>(
                "select count(*) from pg_class "
                + "where relname = 'clickstream_data_' || to_char(now() at time zone 'utc', 'YYYYMMDD')"));
    }

    [Fact]
    public async Task An_earlier_version_is_refused_in_words_when_it_starts_on_a_database_of_this_one()
    {
        var database = await server.CreateDatabaseAsync();
        await using var store = PostgresStoreUnderTest.Open(database);
        await store.Schema.ApplyAsync(Cancellation);

        var refusal = Assert.Throws<PostgresException>(() => ApplyEarlier(database));

        Assert.Contains("upgraded by a newer version of ClickOrleans", refusal.Message, StringComparison.Ordinal);
        await store.Schema.ApplyAsync(Cancellation);
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_in_words()
    {
        await using var store = PostgresStoreUnderTest.Open(await server.CreateDatabaseAsync());
        await store.Schema.ApplyAsync(Cancellation);
        await store.ExecuteAsync("insert into schema_scripts (scriptname, applied) values ('9999_of_tomorrow.sql', now())");

        var refusal = await Assert.ThrowsAsync<StartupException>(() => store.Schema.ApplyAsync(Cancellation));

        Assert.Contains(
            "upgraded by a newer version of ClickOrleans (9999_of_tomorrow.sql)", refusal.Message, StringComparison.Ordinal);
    }

    protected override async Task<StoreUnderTest> CreateEarlierAsync()
    {
        var database = await server.CreateDatabaseAsync();
        ApplyEarlier(database);
        return PostgresStoreUnderTest.Open(database);
    }

    private static void ApplyEarlier(string database)
    {
        var scripts = new SqlFolder(typeof(PostgresStoreSchema).Assembly, "sql/postgres/schema").ReadAll();
        var upgrade = DeployChanges.To.PostgresqlDatabase(database).JournalToPostgresqlTable(null, "schema_versions");
        SchemaUpgrade.Apply(
            upgrade, scripts.Take(EarlierScripts), "earlier", Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
    }
}
