namespace ClickOrleans.Testing.InMemory.Store;

/// <summary>A client's way to the database, and where it can be broken.</summary>
internal sealed class InMemoryConnection(InMemoryDatabase database)
{
    /// <summary>Called with a name before each read, transaction and commit; throws to break the connection there.</summary>
    public Action<string>? BeforeStatement { get; set; }

    public Task<T> ReadAsync<T>(string name, Func<StoreState, T> read, CancellationToken cancellationToken) => CallAsync(
        () =>
        {
            BeforeStatement?.Invoke(name);
            return read(database.State);
        },
        cancellationToken);

    /// <summary>One transaction: all of what <paramref name="change"/> makes of the state is stored, or nothing.</summary>
    public Task<T> WriteAsync<T>(
        string name, Func<StoreState, (StoreState State, T Result)> change, CancellationToken cancellationToken) => CallAsync(
        () =>
        {
            BeforeStatement?.Invoke(name);
            return database.Write(state =>
            {
                var changed = change(state);
                BeforeStatement?.Invoke("commit");
                return changed;
            });
        },
        cancellationToken);

    private static Task<T> CallAsync<T>(Func<T> call, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        try
        {
            return Task.FromResult(call());
        }
        catch (Exception exception)
        {
            return Task.FromException<T>(exception);
        }
    }
}
