using System.Data.Common;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Sql;

/// <summary>
/// A database that holds the store: its sessions, and the parameter types and statements in which databases differ.
/// </summary>
public abstract class StoreDatabase
{
    static StoreDatabase() => RowMapping.Register();

    /// <summary>
    /// Called before each statement with its name, and before each commit with <c>commit</c>; an exception from it fails the
    /// transaction. For fault injection in tests.
    /// </summary>
    public Action<string, DbConnection>? BeforeStatement { get; init; }

    public abstract SeriesStatements Series { get; }

    /// <summary>Opens a session without a transaction, for single statements.</summary>
    public abstract Task<StoreSession> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Begins a transaction, which <see cref="StoreSession.CommitAsync"/> commits.</summary>
    public abstract Task<StoreSession> BeginAsync(CancellationToken cancellationToken);

    /// <summary>Begins a transaction for what may take long: no timeout ends it, neither here nor in the server.</summary>
    public virtual Task<StoreSession> BeginUnlimitedAsync(CancellationToken cancellationToken) => BeginAsync(cancellationToken);

    /// <summary>Begins a read-only transaction in which all statements read one snapshot; no timeout ends it.</summary>
    public abstract Task<StoreSession> BeginSnapshotAsync(CancellationToken cancellationToken);

    /// <summary>The parameter value for a time.</summary>
    public abstract object Time(DateTime utc);

    /// <summary>The parameter value for a day.</summary>
    public abstract object Day(DateOnly day);

    /// <summary>The parameters of <see cref="SeriesStatements.CountVisitors"/>.</summary>
    public abstract object DayParts(IReadOnlyList<DayPart> parts);

    /// <summary>The parameter value for a UUID.</summary>
    public abstract object Uuid(Guid uuid);

    /// <summary>
    /// Called with each failure of a command, before it is thrown: some are the connection's, not the server's.
    /// </summary>
    public virtual void CommandFailed(DbException failure)
    {
    }

    /// <summary>Whether the database rejected the data itself; any other exception is an outage.</summary>
    protected abstract bool IsRejection(Exception exception);

    /// <summary>Whether a write failed for want of something that <see cref="RepairAsync"/> makes.</summary>
    protected virtual bool CanRepair(Exception exception) => false;

    protected virtual Task RepairAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs a write and translates the exception with which the database rejects the data.</summary>
    /// <exception cref="RejectedByStoreException">The database rejected the data itself.</exception>
    public async Task<T> RejectingAsync<T>(Func<Task<T>> write, CancellationToken cancellationToken)
    {
        try
        {
            return await RepairingAsync(write, cancellationToken);
        }
        catch (Exception exception) when (IsRejection(exception))
        {
            throw new RejectedByStoreException(exception.Message, exception);
        }
    }

    private async Task<T> RepairingAsync<T>(Func<Task<T>> write, CancellationToken cancellationToken)
    {
        try
        {
            return await write();
        }
        catch (Exception exception) when (CanRepair(exception))
        {
            await RepairAsync(cancellationToken);
            return await write();
        }
    }
}
