using ClickOrleans.Pipeline.Log;
using ClickOrleans.Sql;
using Dapper;
using Microsoft.Data.Sqlite;

namespace ClickOrleans.Sqlite.Log;

/// <summary>Makes the log file's tables and its identity, once, in one transaction.</summary>
internal static class SqliteLogSchema
{
    private static readonly IReadOnlyList<SqlStatement> CreateTables =
    [
        SqliteLogSql.CreateTableLogIdentity,
        SqliteLogSql.CreateTableLogPartitions,
        SqliteLogSql.CreateTableMessages,
        SqliteLogSql.CreateTableMessageTraces,
    ];

    /// <summary>Makes what is missing: tables, identity, partitions. Partitions are never taken away.</summary>
    public static void Ensure(SqliteConnection connection, string topic, int partitions, DateTimeOffset now)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        foreach (var statement in CreateTables)
        {
            connection.Execute(statement.Text, transaction: transaction);
        }

        connection.Execute(
            SqliteLogSql.InsertIntoLogIdentity.Text,
            new { topic, topic_id = Guid.NewGuid().ToString(), created_at = now.ToUnixTimeMilliseconds() },
            transaction);
        connection.Execute(
            SqliteLogSql.InsertIntoLogPartitions.Text,
            Enumerable.Range(0, partitions).Select(partition => new { partition }),
            transaction);
        transaction.Commit();
    }

    /// <summary>The identity of the file; null where it is no log yet.</summary>
    public static LogIdentity? ReadIdentity(SqliteConnection connection)
    {
        var (topic, id) = connection.QuerySingleOrDefault<(string Topic, string Id)>(SqliteLogSql.SelectLogIdentity.Text);
        return topic is null ? null : new(topic, Guid.Parse(id));
    }
}
