using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Testing.InMemory.Store;

/// <param name="RejectedVersion">The last version that the index refused; 0 = none.</param>
internal sealed record RollupRow(Rollup Rollup, long RejectedVersion = 0, string? Error = null)
{
    public long PageId => Rollup.PageId;

    public bool IsRejected => RejectedVersion == Rollup.Version;

    public bool IsUnindexed => Rollup.IndexedVersion != Rollup.Version && !IsRejected;
}
