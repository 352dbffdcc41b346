using ClickOrleans.Pipeline.Composition;
using Dapper;
using Npgsql;

namespace ClickOrleans.Postgres;

/// <summary>
/// The tables in which Orleans keeps a cluster's members, reminders and grain state, and the queries that a silo reads from
/// there when it starts. Updated at every start; a running silo keeps the queries that it has read.
/// </summary>
public sealed class ClusterTables(string connectionString) : IPreparationStep
{
    private readonly NpgsqlConnectionStringBuilder _settings = new(connectionString);

    public string Description => $"PostgreSQL {_settings.Host}:{_settings.Port}/{_settings.Database} (cluster)";

    /// <summary>The queries by the keys under which Orleans looks them up.</summary>
    public static IReadOnlyDictionary<string, string> Statements { get; } =
        OrleansSql.Queries.ToDictionary(query => query.Name, query => query.Text, StringComparer.Ordinal);

    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var transaction = await SchemaLock.BeginAsync(connection, cancellationToken);
        await RunAsync(OrleansSql.Tables.Text, null);
        await RunAsync(
            OrleansSql.UpsertOrleansquery.Text, new { Keys = Statements.Keys.ToArray(), Texts = Statements.Values.ToArray() });
        await transaction.CommitAsync(cancellationToken);

        Task RunAsync(string text, object? parameters) => connection.ExecuteAsync(
            new CommandDefinition(text, parameters, transaction, commandTimeout: 0, cancellationToken: cancellationToken));
    }
}
