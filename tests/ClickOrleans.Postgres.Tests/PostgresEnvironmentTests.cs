using ClickOrleans.Conformance.Store;
namespace ClickOrleans.Postgres.Tests;

/// <summary>What libpq's environment variables do to the store's sessions: nothing that changes what is stored.</summary>
public sealed class PostgresEnvironmentTests(PostgresServer server) : StoreConformance
{
    /// <summary>The environment is the process's: values that do no harm to the tests that run beside this one.</summary>
    private static readonly (string Name, string Value)[] Variables =
    [
        ("PGOPTIONS", "-c statement_timeout=54321000"),
        ("PGTZ", "Asia/Tokyo"),
        ("PGCLIENTENCODING", "LATIN1"),
    ];

    [Fact]
    public async Task Encoding_time_zone_and_options_of_the_environment_are_overridden()
    {
        await WithEnvironmentAsync(async () =>
        {
            await using var store = (PostgresStoreUnderTest)Store.OpenAnother();
            var click = ClickAt(Noon, user: "昨日 é 😀");
            await store.Clicks.StartPartitionAsync(LogId, 0, 0, Cancellation);
            await store.Clicks.CommitAsync(Batch(0, 1, _ => click), Cancellation);

            Assert.Equal("UTF8", await store.ScalarAsync<string>("show client_encoding"));
            Assert.Equal("UTC", await store.ScalarAsync<string>("show timezone"));
            Assert.Equal("0", await store.ScalarAsync<string>("show statement_timeout"));
            Assert.Equal(
                click.UserId, await store.ScalarAsync<string>("select user_id from clickstream_data where \"offset\" = 0"));
        });
    }

    protected override async Task<StoreUnderTest> CreateAsync() =>
        PostgresStoreUnderTest.Open(await server.CreateDatabaseAsync());

    private static async Task WithEnvironmentAsync(Func<Task> test)
    {
        try
        {
            Array.ForEach(Variables, variable => Environment.SetEnvironmentVariable(variable.Name, variable.Value));
            await test();
        }
        finally
        {
            Array.ForEach(Variables, variable => Environment.SetEnvironmentVariable(variable.Name, null));
        }
    }
}
