namespace ClickOrleans.Testing.InMemory.Store;

/// <summary>
/// The state behind any number of <see cref="InMemoryStore"/>: what a database server keeps while its clients come and go.
/// </summary>
public sealed class InMemoryDatabase
{
    private readonly Lock _gate = new();

    internal StoreState State { get; private set; } = new();

    /// <summary>One transaction: what <paramref name="change"/> makes of the state, or nothing where it throws.</summary>
    internal T Write<T>(Func<StoreState, (StoreState State, T Result)> change)
    {
        lock (_gate)
        {
            (State, var result) = change(State);
            return result;
        }
    }

    /// <summary>A backup, as of now.</summary>
    public object Backup() => State;

    /// <summary>Goes back to the time of a backup.</summary>
    public void Restore(object backup) => Write(_ => ((StoreState)backup, true));
}
