using ClickOrleans.Conformance.Store;
using ClickOrleans.Pipeline.Composition;
using Npgsql;

namespace ClickOrleans.Postgres.Tests;

/// <summary>What keeps the tables from being made, and what is said then.</summary>
public sealed class PostgresSchemaTests(PostgresServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("LATIN1")]
    [InlineData("SQL_ASCII")]
    public async Task A_database_in_another_encoding_than_UTF8_is_refused_at_start(string encoding)
    {
        await using var store = Open(await server.CreateDatabaseAsync($"encoding '{encoding}' lc_collate 'C' lc_ctype 'C'"));

        var refusal = await Assert.ThrowsAsync<StartupException>(() => store.Schema.ApplyAsync(Cancellation));

        Assert.Contains($"has the encoding {encoding}; the store needs UTF8", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_lock_that_another_session_holds_is_waited_for_with_a_bound_and_its_holder_named()
    {
        var database = await server.CreateDatabaseAsync();
        await using var store = Open(database);
        await using var holder = new NpgsqlConnection(database + ";Application Name=holder;Pooling=false");
        await holder.OpenAsync(Cancellation);
        await using var take = new NpgsqlCommand($"select pg_advisory_lock({0x636C69636B6F726C})", holder);
        await take.ExecuteNonQueryAsync(Cancellation);

        var timeout = await Assert.ThrowsAsync<TimeoutException>(() => store.Schema.ApplyAsync(Cancellation));

        Assert.Contains(
            $"held by process {holder.ProcessID} of the server ('holder' from ", timeout.Message, StringComparison.Ordinal);
        await holder.CloseAsync();
        await store.Schema.ApplyAsync(Cancellation);
    }

    [Fact]
    public async Task A_script_that_fails_leaves_none_of_the_scripts_applied()
    {
        var database = await server.CreateDatabaseAsync();
        await using var store = Open(database);
        await store.ExecuteAsync("create table dead_letters (taken integer)");

        await Assert.ThrowsAsync<InvalidOperationException>(() => store.Schema.ApplyAsync(Cancellation));

        Assert.Equal(1L, await store.ScalarAsync<long>("select count(*) from pg_tables where schemaname = 'public'"));
    }

    private static PostgresStoreUnderTest Open(string database) => PostgresStoreUnderTest.Open(database);
}
