using System.Data;
using System.Data.Common;
using ClickOrleans.Sql;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace ClickOrleans.Postgres;

/// <summary>The store in a PostgreSQL database.</summary>
public sealed class PostgresStoreDatabase(NpgsqlDataSource source) : StoreDatabase
{
    /// <summary>Table partitions are made long before they are needed, so that no insert has to wait for one.</summary>
    private const int DaysAhead = 7;

    public NpgsqlDataSource Source => source;

    public override SeriesStatements Series { get; } = new(
        PostgresSql.SelectSeriesHours, PostgresSql.CountSiteVisitors, PostgresSql.AuditSeries, PostgresSql.AuditSiteVisitors);

    public override async Task<StoreSession> OpenAsync(CancellationToken cancellationToken) =>
        new StoreSession(this, await source.OpenConnectionAsync(cancellationToken), null);

    public override async Task<StoreSession> BeginAsync(CancellationToken cancellationToken) =>
        await BeginAsync(IsolationLevel.ReadCommitted, null, cancellationToken);

    public override Task<StoreSession> BeginUnlimitedAsync(CancellationToken cancellationToken) =>
        BeginUnlimitedAsync(IsolationLevel.ReadCommitted, null, cancellationToken);

    public override Task<StoreSession> BeginSnapshotAsync(CancellationToken cancellationToken) =>
        BeginUnlimitedAsync(IsolationLevel.RepeatableRead, PostgresSql.ConfigureSnapshot, cancellationToken);

    public override object Time(DateTime utc) => utc;

    public override object Day(DateOnly day) => day;

    public override object DayParts(IReadOnlyList<DayPart> parts) => new PostgresParameters()
        .AddColumn("Buckets", NpgsqlDbType.Integer, [.. parts.Select(part => part.Bucket)])
        .AddColumn("Days", NpgsqlDbType.Date, [.. parts.Select(part => part.Day)])
        .AddColumn("Masks", NpgsqlDbType.Integer, [.. parts.Select(part => part.Mask)]);

    public override object Uuid(Guid uuid) => uuid;

    /// <summary>Makes the table partitions of today and of the days ahead that are missing; it keeps nobody waiting.</summary>
    public async Task CreateDaysAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await SchemaLock.BeginAsync(connection, cancellationToken);
        await CreateDaysAsync(connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>In the transaction that holds the lock of the schema.</summary>
    internal static Task CreateDaysAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            PostgresSql.CreateClickDays.Text, new { Ahead = DaysAhead }, cancellationToken: cancellationToken));

    /// <summary>
    /// Drops all pooled connections where a new one may work: after a failover an old primary that is read-only now, and
    /// prepared statements that the server has lost or that fit its tables no more.
    /// </summary>
    public override void CommandFailed(DbException failure)
    {
        if (failure.SqlState is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.FeatureNotSupported
            or PostgresErrorCodes.InvalidSqlStatementName or PostgresErrorCodes.DuplicatePreparedStatement)
        {
            source.Clear();
        }
    }

    /// <remarks>
    /// Classes 22 (data exception) and 23 (integrity constraint violation): Appendix A of PostgreSQL's manual. Not a primary key
    /// that is there already: an offset is no matter of the data.
    /// </remarks>
    protected override bool IsRejection(Exception exception) =>
        exception is PostgresException { SqlState: ['2', '2' or '3', ..] } rejection
        && !LacksDay(rejection)
        && !(rejection.SqlState == PostgresErrorCodes.UniqueViolation
            && rejection.ConstraintName?.EndsWith("_pkey", StringComparison.Ordinal) == true);

    protected override bool CanRepair(Exception exception) => exception is PostgresException refusal && LacksDay(refusal);

    protected override Task RepairAsync(CancellationToken cancellationToken) => CreateDaysAsync(cancellationToken);

    /// <summary>Whether there is no table partition for the clicks of the day, by the server's clock.</summary>
    private static bool LacksDay(PostgresException refusal) =>
        refusal is { SqlState: PostgresErrorCodes.CheckViolation, TableName: "clickstream_data" }
        && string.IsNullOrEmpty(refusal.ConstraintName);

    private async Task<StoreSession> BeginUnlimitedAsync(
        IsolationLevel isolation, SqlStatement? configure, CancellationToken cancellationToken)
    {
        var session = await BeginAsync(isolation, 0, cancellationToken);
        try
        {
            if (configure is not null)
            {
                await session.ExecuteAsync(configure, null, cancellationToken);
            }

            await session.ExecuteAsync(PostgresSql.LiftLimits, null, cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    private async Task<StoreSession> BeginAsync(
        IsolationLevel isolation, int? timeoutSeconds, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(isolation, cancellationToken);
            return new StoreSession(this, connection, transaction) { TimeoutSeconds = timeoutSeconds };
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
