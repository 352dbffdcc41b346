namespace ClickOrleans.Testing.Silos;

/// <summary>Ids of the silo's log events that tests wait for.</summary>
public static class LogEvents
{
    /// <summary>A consumer cannot reach the log or the store and retries.</summary>
    public const int PartitionUnavailable = 101;

    /// <summary>A commit was rejected because another consumer owns the partition.</summary>
    public const int CommitFenced = 102;

    /// <summary>A partition is stopped until an operator acts.</summary>
    public const int PartitionStopped = 104;

    /// <summary>The silo has started and its HTTP port is open.</summary>
    public const int Ready = 420;
}
