using System.Data.Common;
using ClickOrleans.Pipeline.Store;
using Dapper;

namespace ClickOrleans.Sql;

/// <summary>One database that holds the store: how it is connected to, and where the two databases differ in small things.</summary>
public abstract class StoreDatabase
{
    static StoreDatabase()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new StoredTime.Handler());
    }

    protected StoreDatabase(string dialect) => Statements = new SqlStatements(dialect);

    public SqlStatements Statements { get; }

    /// <summary>
    /// Called before each statement, and before each commit, with its name; what it throws fails the transaction. For fault
    /// drills; nothing is called unless set.
    /// </summary>
    public Action<string, DbConnection>? BeforeStatement { get; init; }

    /// <summary>For single statements that read or stand alone.</summary>
    public abstract Task<StoreSession> OpenAsync(CancellationToken cancellationToken);

    /// <summary>For several statements that are stored together, at <see cref="StoreSession.CommitAsync"/>, or not at all.</summary>
    public abstract Task<StoreSession> BeginAsync(CancellationToken cancellationToken);

    /// <summary>For several statements that read one and the same state, however long they take.</summary>
    public abstract Task<StoreSession> BeginSnapshotAsync(CancellationToken cancellationToken);

    /// <summary>A time as a parameter.</summary>
    public abstract object Time(DateTime utc);

    /// <summary>A UUID as a parameter.</summary>
    public abstract object Uuid(Guid uuid);

    /// <summary>True where the database refuses the data itself; anything else is an outage.</summary>
    protected abstract bool IsRejection(Exception exception);

    /// <exception cref="RejectedByStoreException">In place of the database's own exception where it refuses the data itself.</exception>
    public async Task<T> RejectingAsync<T>(Func<Task<T>> write)
    {
        try
        {
            return await write();
        }
        catch (Exception exception) when (IsRejection(exception))
        {
            throw new RejectedByStoreException(exception.Message, exception);
        }
    }
}
