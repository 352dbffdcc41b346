using System.Data;
using System.Diagnostics.CodeAnalysis;
using DbUp.Engine.Transactions;
using Npgsql;

namespace ClickOrleans.Postgres;

/// <summary>
/// Has DbUp run its scripts on a connection of ours, in the transaction that is open there: all of them are applied, or none.
/// </summary>
internal sealed class LockedConnectionManager(NpgsqlConnection connection)
    : DatabaseConnectionManager(new DelegateConnectionFactory(_ => new Borrowed(connection)))
{
    /// <summary>Npgsql splits it itself.</summary>
    public override IEnumerable<string> SplitScriptIntoCommands(string scriptContents) => [scriptContents];

    /// <summary>A connection that stays open whatever its user does to it.</summary>
    private sealed class Borrowed(NpgsqlConnection connection) : IDbConnection
    {
        [AllowNull]
        public string ConnectionString
        {
            get => connection.ConnectionString;
            set => throw new NotSupportedException();
        }

        public int ConnectionTimeout => connection.ConnectionTimeout;

        public string Database => connection.Database;

        public ConnectionState State => connection.State;

        public IDbTransaction BeginTransaction() => throw new NotSupportedException();

        public IDbTransaction BeginTransaction(IsolationLevel il) => throw new NotSupportedException();

        public void ChangeDatabase(string databaseName) => throw new NotSupportedException();

        public IDbCommand CreateCommand() => connection.CreateCommand();

        public void Open()
        {
        }

        public void Close()
        {
        }

        public void Dispose()
        {
        }
    }
}
