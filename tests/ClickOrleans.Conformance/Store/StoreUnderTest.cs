using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Conformance.Store;

/// <summary>A store that a conformance suite is held against: its ports, and the ways to harm it.</summary>
public abstract class StoreUnderTest : IAsyncDisposable
{
    public required IStoreSchema Schema { get; init; }
    public required IClickStore Clicks { get; init; }
    public required IRollupStore Rollups { get; init; }
    public required IDeadLetterStore DeadLetters { get; init; }
    public required IDesiredStateStore DesiredState { get; init; }
    public required IStoreAudit Audit { get; init; }
    public required IStoreInsight Insight { get; init; }
    public required ISeriesStore Series { get; init; }

    /// <summary>
    /// Asked with a name before each statement and each commit; true breaks the connection there, as an outage would.
    /// </summary>
    public Func<string, bool>? FailBefore { get; set; }

    /// <summary>True for the exceptions of such an outage.</summary>
    public abstract bool IsOutage(Exception exception);

    /// <summary>The same data through connections of its own, as another process or a restarted one sees it.</summary>
    public abstract StoreUnderTest OpenAnother();

    /// <summary>
    /// Runs a statement past the ports, as a hand with a database tool would. Times are text in ISO form in both.
    /// </summary>
    public abstract Task ExecuteAsync(string sql);

    public abstract ValueTask DisposeAsync();
}
