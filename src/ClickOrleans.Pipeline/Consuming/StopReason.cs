namespace ClickOrleans.Pipeline.Consuming;

/// <summary>Why a partition is stopped until an operator acts.</summary>
internal enum StopReason
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>The log lost what was not read yet (retention).</summary>
    Lost,

    /// <summary>The log ends before what was read; it becomes <see cref="Diverged"/> if it stays so.</summary>
    LogShort,

    /// <summary>The log went back, and is another than what was read. Kept in the store.</summary>
    Diverged,
}
