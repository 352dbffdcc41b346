using ClickOrleans.Sql;

namespace ClickOrleans.Sqlite.Log;

/// <summary>The log file's statements, loaded once.</summary>
internal static class SqliteLogStatements
{
    private static readonly SqlStatements Sql = new("sqlite");

    public static IReadOnlyList<string> CreateTables { get; } =
        [
            Sql["create_table_log_identity"], Sql["create_table_log_partitions"], Sql["create_table_messages"],
            Sql["create_table_message_traces"],
        ];

    public static string InsertIdentity { get; } = Sql["insert_into_log_identity"];
    public static string InsertPartition { get; } = Sql["insert_into_log_partitions"];
    public static string InsertMessage { get; } = Sql["insert_into_messages"];
    public static string InsertTrace { get; } = Sql["insert_into_message_traces"];
    public static string SelectIdentity { get; } = Sql["select_from_log_identity"];
    public static string SelectPartitions { get; } = Sql["select_from_log_partitions"];
    public static string SelectOffsets { get; } = Sql["select_offsets_from_log_partitions"];
    public static string SelectMessages { get; } = Sql["select_from_messages"];
    public static string SelectTraces { get; } = Sql["select_from_message_traces"];
    public static string UpdateNextOffset { get; } = Sql["update_log_partitions"];
    public static string TruncatePartition { get; } = Sql["truncate_log_partitions"];
    public static string TruncateMessages { get; } = Sql["truncate_messages"];
    public static string TruncateTraces { get; } = Sql["truncate_message_traces"];
}
