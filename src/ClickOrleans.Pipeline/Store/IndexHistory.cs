namespace ClickOrleans.Pipeline.Store;

/// <summary>What the store makes of the state that it finds beside the documents of the index.</summary>
public enum IndexHistory
{
    /// <summary>The state is the one that the store knows as the last.</summary>
    Same,

    /// <summary>There is no state in the index, and the store never wrote one.</summary>
    None,

    /// <summary>
    /// The state is one that the store wrote earlier, or is gone: documents acknowledged since are missing or old. Every mark has
    /// been taken back.
    /// </summary>
    IndexWentBack,

    /// <summary>
    /// The store knows nothing of the state: it was set back to a time before it. Every rollup has been given a version in a
    /// higher epoch, and every mark has been taken back.
    /// </summary>
    StoreWentBack,
}

/// <summary>Raises a rollup's version above that of a document.</summary>
/// <param name="Version">The rollup's: one that has moved on is left as it is.</param>
/// <param name="Above">The document's.</param>
public sealed record VersionRaise(long PageId, long Version, long Above);

/// <summary>A rollup in one version.</summary>
public sealed record RollupMark(long PageId, long Version);
