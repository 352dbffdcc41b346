using ClickOrleans.Pipeline.Store;
using ClickOrleans.Sql;
using Dapper;
using DbUp;
using DbUp.Postgresql;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ClickOrleans.Postgres;

/// <summary>The tables of the store in PostgreSQL.</summary>
public sealed class PostgresStoreSchema(PostgresStoreDatabase database, ILogger<PostgresStoreSchema> logger) : IStoreSchema
{
    // Must be unique among the advisory locks of the database: "clickorl" in ASCII.
    internal const long LockKey = 0x636C69636B6F726C;

    public string Description
    {
        get
        {
            var settings = new NpgsqlConnectionStringBuilder(database.Source.ConnectionString);
            return $"PostgreSQL {settings.Host}:{settings.Port}/{settings.Database}";
        }
    }

    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        // A session-level lock: released with the connection if this process dies.
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "select pg_advisory_lock(@LockKey)", new { LockKey }, commandTimeout: 0, cancellationToken: cancellationToken));
        try
        {
            SchemaUpgrade.Apply(
                DeployChanges.To.PostgresqlDatabase(new PostgresqlConnectionManager(database.Source))
                    .JournalToPostgresqlTable(null, SchemaUpgrade.Journal),
                PostgresSql.Schema,
                Description,
                logger);
        }
        finally
        {
            await connection.ExecuteAsync("select pg_advisory_unlock(@LockKey)", new { LockKey });
        }
    }
}
