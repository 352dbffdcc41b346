using System.Globalization;
using Dapper;
using Npgsql;

namespace ClickOrleans.Postgres;

/// <summary>
/// The lock under which tables are made and changed, one process at a time. It belongs to a transaction: behind a pooler that
/// hands out connections by transaction (pgbouncer), a session's lock would be left with whichever connection took it.
/// </summary>
internal static class SchemaLock
{
    // Must be unique among the advisory locks of the database: "clickorl" in ASCII.
    private const long LockKey = 0x636C69636B6F726C;

    private static readonly object Parameters = new { LockKey };

    /// <summary>Begins a transaction that has the lock.</summary>
    /// <exception cref="TimeoutException">Somebody else holds it; the message says who.</exception>
    public static async Task<NpgsqlTransaction> BeginAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await connection.ExecuteAsync(new CommandDefinition(
                PostgresSql.LockSchema.Text, Parameters, transaction, commandTimeout: 0, cancellationToken: cancellationToken));
            return transaction;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            await transaction.DisposeAsync();
            throw new TimeoutException(await DescribeHolderAsync(connection, cancellationToken), exception);
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    private static async Task<string> DescribeHolderAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var holder = await connection.QueryFirstOrDefaultAsync<Holder>(new CommandDefinition(
            PostgresSql.SelectSchemaLockHolder.Text, Parameters, cancellationToken: cancellationToken));
        return holder is null
            ? "the schema lock was held by another session until now"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"the schema lock is held by process {holder.ProcessId} of the server ('{holder.Application}' from "
                    + $"{holder.Client}, {holder.State} since {holder.Since:u}). If that is no silo at work: "
                    + $"select pg_terminate_backend({holder.ProcessId})");
    }

    private sealed class Holder
    {
        public int ProcessId { get; init; }
        public string Application { get; init; } = "";
        public string Client { get; init; } = "";
        public string State { get; init; } = "";
        public DateTime? Since { get; init; }
    }
}
