using System.Data.Common;
using Dapper;

namespace ClickOrleans.Sql;

/// <summary>An open connection and its transaction, if it has one; disposing without a commit rolls back.</summary>
public class StoreSession(StoreDatabase database, DbConnection connection, DbTransaction? transaction) : IAsyncDisposable
{
    /// <summary>Command timeout in seconds; null: the connection's own, 0: none.</summary>
    public int? TimeoutSeconds { get; init; }

    public DbConnection Connection => connection;

    public Task<int> ExecuteAsync(SqlStatement statement, object? parameters, CancellationToken cancellationToken) =>
        RunAsync(connection.ExecuteAsync(Command(statement, parameters, cancellationToken)));

    public Task<T?> ScalarAsync<T>(SqlStatement statement, object? parameters, CancellationToken cancellationToken) =>
        RunAsync(connection.ExecuteScalarAsync<T>(Command(statement, parameters, cancellationToken)));

    public async Task<List<T>> QueryAsync<T>(SqlStatement statement, object? parameters, CancellationToken cancellationToken) =>
        (await RunAsync(connection.QueryAsync<T>(Command(statement, parameters, cancellationToken)))).AsList();

    /// <summary>Maps each row onto two objects; the second begins at the column <paramref name="splitOn"/>.</summary>
    public async Task<List<TResult>> QueryAsync<TFirst, TSecond, TResult>(
        SqlStatement statement,
        object? parameters,
        string splitOn,
        Func<TFirst, TSecond, TResult> map,
        CancellationToken cancellationToken) =>
        (await RunAsync(connection.QueryAsync(Command(statement, parameters, cancellationToken), map, splitOn))).AsList();

    public Task<T?> FirstOrDefaultAsync<T>(SqlStatement statement, object? parameters, CancellationToken cancellationToken) =>
        RunAsync(connection.QueryFirstOrDefaultAsync<T>(Command(statement, parameters, cancellationToken)));

    public Task<DbDataReader> ReadAsync(SqlStatement statement, object? parameters, CancellationToken cancellationToken) =>
        RunAsync(connection.ExecuteReaderAsync(Command(statement, parameters, cancellationToken)));

    /// <remarks>After an exception the outcome is unknown; read the store to find out.</remarks>
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
            // The rollback fails on a broken connection, which the server rolls back itself; the first exception says more.
        }
        finally
        {
            await ReleaseAsync(usable);
            GC.SuppressFinalize(this);
        }
    }

    /// <summary>Calls the hook that runs before each statement.</summary>
    public void Announce(string statement, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        database.BeforeStatement?.Invoke(statement, connection);
    }

    /// <param name="usable">False if the connection is in an unknown state.</param>
    protected virtual ValueTask ReleaseAsync(bool usable) => connection.DisposeAsync();

    private async Task<T> RunAsync<T>(Task<T> command)
    {
        try
        {
            return await command;
        }
        catch (DbException exception)
        {
            database.CommandFailed(exception);
            throw;
        }
    }

    private CommandDefinition Command(SqlStatement statement, object? parameters, CancellationToken cancellationToken)
    {
        Announce(statement.Name, cancellationToken);
        return new CommandDefinition(
            statement.Text, parameters, transaction, TimeoutSeconds, cancellationToken: cancellationToken);
    }
}
