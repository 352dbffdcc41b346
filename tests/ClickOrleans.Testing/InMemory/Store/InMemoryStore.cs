using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Testing.InMemory.Store;

/// <summary>The ports of a click store, on one connection to an <see cref="InMemoryDatabase"/>.</summary>
public sealed class InMemoryStore
{
    private readonly InMemoryConnection _connection;

    public InMemoryStore(TimeProvider time)
        : this(new InMemoryDatabase(), time)
    {
    }

    public InMemoryStore(InMemoryDatabase database, TimeProvider time)
    {
        Database = database;
        _connection = new InMemoryConnection(database);
        Schema = new InMemoryStoreSchema(_connection);
        Clicks = new InMemoryClickStore(_connection, time, click => Rejects?.Invoke(click) == true);
        Rollups = new InMemoryRollupStore(_connection);
        DeadLetters = new InMemoryDeadLetterStore(_connection, click => Rejects?.Invoke(click) == true);
        DesiredState = new InMemoryDesiredStateStore(_connection);
        Audit = new InMemoryStoreAudit(_connection);
        Insight = new InMemoryStoreInsight(_connection);
        Series = new InMemorySeriesStore(_connection);
    }

    public InMemoryDatabase Database { get; }
    public IStoreSchema Schema { get; }
    public IClickStore Clicks { get; }
    public IRollupStore Rollups { get; }
    public IDeadLetterStore DeadLetters { get; }
    public IDesiredStateStore DesiredState { get; }
    public IStoreAudit Audit { get; }
    public IStoreInsight Insight { get; }
    public ISeriesStore Series { get; }

    /// <summary>True for the clicks that the store refuses as data.</summary>
    public Func<Click, bool>? Rejects { get; set; }

    /// <summary>Called with a name before each read, transaction and commit; throws to break the connection there.</summary>
    public Action<string>? BeforeStatement
    {
        get => _connection.BeforeStatement;
        set => _connection.BeforeStatement = value;
    }
}
