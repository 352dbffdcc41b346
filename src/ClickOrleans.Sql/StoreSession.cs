using System.Data.Common;
using Dapper;

namespace ClickOrleans.Sql;

/// <summary>A connection in use, and its transaction if it has one: without a commit, its end rolls back.</summary>
public class StoreSession(StoreDatabase database, DbConnection connection, DbTransaction? transaction) : IAsyncDisposable
{
    /// <summary>Seconds a statement may take; null = the connection's own limit, 0 = no limit.</summary>
    public int? TimeoutSeconds { get; init; }

    public DbConnection Connection => connection;

    public Task<int> ExecuteAsync(string statement, object? parameters, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(Command(statement, parameters, cancellationToken));

    public Task<T?> ScalarAsync<T>(string statement, object? parameters, CancellationToken cancellationToken) =>
        connection.ExecuteScalarAsync<T>(Command(statement, parameters, cancellationToken));

    public async Task<List<T>> QueryAsync<T>(string statement, object? parameters, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<T>(Command(statement, parameters, cancellationToken))).AsList();

    public Task<T?> FirstOrDefaultAsync<T>(string statement, object? parameters, CancellationToken cancellationToken) =>
        connection.QueryFirstOrDefaultAsync<T>(Command(statement, parameters, cancellationToken));

    public Task<DbDataReader> ReadAsync(string statement, object? parameters, CancellationToken cancellationToken) =>
        connection.ExecuteReaderAsync(Command(statement, parameters, cancellationToken));

    /// <remarks>An exception leaves the outcome open: whoever wants to know reads the store again.</remarks>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        Announce("commit", cancellationToken);
        await transaction!.CommitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        var usable = false;
        try
        {
            if (transaction is not null)
            {
                await transaction.DisposeAsync();
            }

            usable = true;
        }
        catch (DbException)
        {
            // The rollback failed, as it does on a broken connection, whose end rolls back: the first exception says more.
        }
        finally
        {
            await ReleaseAsync(usable);
            GC.SuppressFinalize(this);
        }
    }

    /// <summary>Says that the statement with this name is about to be run.</summary>
    public void Announce(string statement, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        database.BeforeStatement?.Invoke(statement, connection);
    }

    /// <param name="usable">False if the connection is in an unknown state.</param>
    protected virtual ValueTask ReleaseAsync(bool usable) => connection.DisposeAsync();

    private CommandDefinition Command(string statement, object? parameters, CancellationToken cancellationToken)
    {
        Announce(statement, cancellationToken);
        return new CommandDefinition(
            database.Statements[statement], parameters, transaction, TimeoutSeconds, cancellationToken: cancellationToken);
    }
}
