using ClickOrleans.Pipeline.Log;
using Dapper;
using Microsoft.Data.Sqlite;

namespace ClickOrleans.Sqlite.Log;

/// <summary>Makes the log file's tables and its identity, once, in one transaction.</summary>
internal static class SqliteLogSchema
{
    /// <summary>Makes what is missing: tables, identity, partitions. Partitions are never taken away.</summary>
    public static void Ensure(SqliteConnection connection, string topic, int partitions, DateTimeOffset now)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        foreach (var statement in SqliteLogStatements.CreateTables)
        {
            connection.Execute(statement, transaction: transaction);
        }

        connection.Execute(
            SqliteLogStatements.InsertIdentity,
            new { topic, topic_id = Guid.NewGuid().ToString(), created_at = now.ToUnixTimeMilliseconds() },
            transaction);
        connection.Execute(
            SqliteLogStatements.InsertPartition,
            Enumerable.Range(0, partitions).Select(partition => new { partition }),
            transaction);
        transaction.Commit();
    }

    /// <summary>The identity of the file; null where it is no log yet.</summary>
    public static LogIdentity? ReadIdentity(SqliteConnection connection)
    {
        var (topic, id) = connection.QuerySingleOrDefault<(string Topic, string Id)>(SqliteLogStatements.SelectIdentity);
        return topic is null ? null : new(topic, Guid.Parse(id));
    }
}
