using ClickOrleans.Sql;
using ClickOrleans.Conformance.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ClickOrleans.Postgres.Tests;

internal sealed class PostgresStoreUnderTest : StoreUnderTest
{
    private readonly string _connectionString;
    private readonly NpgsqlDataSource _source;

    private PostgresStoreUnderTest(string connectionString, NpgsqlDataSource source)
    {
        _connectionString = connectionString;
        _source = source;
    }

    public NpgsqlDataSource Source => _source;

    public static PostgresStoreUnderTest Open(string connectionString)
    {
        PostgresStoreUnderTest? store = null;
        var source = PostgresBuilderExtensions.CreateSource(connectionString, null);
        var database = new PostgresStoreDatabase(source)
        {
            BeforeStatement = (name, connection) =>
            {
                if (store?.FailBefore?.Invoke(name) == true)
                {
                    store.Terminate(((NpgsqlConnection)connection).ProcessID);
                }
            },
        };
        store = new PostgresStoreUnderTest(connectionString, source)
        {
            Schema = new PostgresStoreSchema(database, NullLogger<PostgresStoreSchema>.Instance),
            Clicks = new PostgresClickStore(database, TimeProvider.System),
            Rollups = new PostgresRollupStore(database),
            DeadLetters = new SqlDeadLetterStore(database),
            DesiredState = new SqlDesiredStateStore(database),
            Audit = new SqlStoreAudit(database),
            Insight = new SqlStoreInsight(database),
            Series = new SqlSeriesStore(database),
        };
        return store;
    }

    public override StoreUnderTest OpenAnother() => Open(_connectionString);

    public override bool IsOutage(Exception exception) => exception is NpgsqlException or IOException;

    public override async Task ExecuteAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public override async ValueTask DisposeAsync() => await _source.DisposeAsync();

    /// <summary>Ends a backend as an administrator's shutdown would, and waits until it has ended.</summary>
    private void Terminate(int processId)
    {
        using var command = _source.CreateCommand("select pg_terminate_backend($1, 10000)");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = processId });
        Assert.Equal(true, command.ExecuteScalar());
    }
}
