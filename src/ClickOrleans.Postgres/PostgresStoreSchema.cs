using System.Data.Common;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Sql;
using Dapper;
using DbUp;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ClickOrleans.Postgres;

/// <summary>The tables of the store in PostgreSQL.</summary>
public sealed class PostgresStoreSchema(PostgresStoreDatabase database, ILogger<PostgresStoreSchema> logger) : IStoreSchema
{
    /// <summary>Not the name under which versions look for it that cannot use these tables: they are refused by a view.</summary>
    private const string Journal = "schema_scripts";

    private const string Utf8 = "UTF8";

    public string Description
    {
        get
        {
            var settings = new NpgsqlConnectionStringBuilder(database.Source.ConnectionString);
            return $"PostgreSQL {settings.Host}:{settings.Port}/{settings.Database}";
        }
    }

    /// <exception cref="StartupException">The database cannot hold the store, which waiting does not change.</exception>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        try
        {
            await CheckEncodingAsync(connection, cancellationToken);
            await using var transaction = await SchemaLock.BeginAsync(connection, cancellationToken);
            await RunAsync(connection, PostgresSql.RenameJournal, cancellationToken);
            SchemaUpgrade.Apply(
                DeployChanges.To.PostgresqlDatabase(new LockedConnectionManager(connection))
                    .JournalToPostgresqlTable(null, Journal)
                    .WithExecutionTimeout(TimeSpan.Zero),
                PostgresSql.Schema,
                Description,
                logger);
            await RunAsync(connection, PostgresSql.RefuseEarlierVersions, cancellationToken);
            await PostgresStoreDatabase.CreateDaysAsync(connection, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (DbException exception)
        {
            database.CommandFailed(exception);
            throw;
        }
    }

    private static Task<int> RunAsync(NpgsqlConnection connection, SqlStatement statement, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(
            new CommandDefinition(statement.Text, commandTimeout: 0, cancellationToken: cancellationToken));

    /// <summary>In any other encoding there are clicks, and errors about them, that the database refuses.</summary>
    private async Task CheckEncodingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var encoding = await connection.ExecuteScalarAsync<string>(
            new CommandDefinition("show server_encoding", cancellationToken: cancellationToken));
        if (encoding != Utf8)
        {
            throw new StartupException(
                $"{Description} has the encoding {encoding}; the store needs UTF8: "
                + $"create database ... encoding 'UTF8' template template0");
        }
    }
}
