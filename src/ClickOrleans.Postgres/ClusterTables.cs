using ClickOrleans.Pipeline.Composition;
using Dapper;
using Npgsql;

namespace ClickOrleans.Postgres;

/// <summary>
/// The tables in which Orleans keeps a cluster's members, reminders and grain state, and the statements that it reads from
/// there when a
/// silo starts. Brought up to date at every start; a silo that runs keeps the statements that it has read.
/// </summary>
public sealed class ClusterTables(string connectionString) : IPreparationStep
{
    private const string Folder = "sql/orleans/";
    private const string Queries = Folder + "queries/";

    private readonly NpgsqlConnectionStringBuilder _where = new(connectionString);

    public string Description => $"PostgreSQL {_where.Host}:{_where.Port}/{_where.Database} (cluster)";

    /// <summary>The statements by the names under which Orleans looks for them.</summary>
    public static IReadOnlyDictionary<string, string> Statements { get; } = Resources(Queries)
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path.Name), path => Read(path.Resource), StringComparer.Ordinal);

    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RunAsync("select pg_advisory_xact_lock(@LockKey)", new { PostgresStoreSchema.LockKey });
        await RunAsync(Read(Resources(Folder + "tables.sql").Single().Resource), null);
        await RunAsync(
            """
            insert into orleansquery (querykey, querytext)
            select * from unnest(@Keys, @Texts)
            on conflict (querykey) do update set querytext = excluded.querytext
            where orleansquery.querytext <> excluded.querytext
            """,
            new { Keys = Statements.Keys.ToArray(), Texts = Statements.Values.ToArray() });
        await transaction.CommitAsync(cancellationToken);

        Task RunAsync(string text, object? parameters) => connection.ExecuteAsync(
            new CommandDefinition(text, parameters, transaction, commandTimeout: 0, cancellationToken: cancellationToken));
    }

    // Built on Windows, a resource's folder is separated by a backslash.
    private static IEnumerable<(string Name, string Resource)> Resources(string prefix) =>
        typeof(ClusterTables).Assembly.GetManifestResourceNames()
            .Select(resource => (Name: resource.Replace('\\', '/'), Resource: resource))
            .Where(path => path.Name.StartsWith(prefix, StringComparison.Ordinal));

    private static string Read(string resource)
    {
        using var reader = new StreamReader(typeof(ClusterTables).Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd().TrimEnd();
    }
}
