namespace ClickOrleans.Pipeline.Store;

/// <summary>
/// A rollup's version is epoch x 2^40 + count. The count grows with every change; the epoch when the store went back to an
/// earlier time, so that its documents replace those of the time that is gone.
/// </summary>
public static class RollupVersion
{
    /// <summary>Bits below the epoch.</summary>
    public const int CountBits = 40;

    /// <summary>
    /// A version above this was not given by a store, which would need four million restores for it: it leaves too little room
    /// above, and a document that has it is deleted instead of overwritten.
    /// </summary>
    public const long Highest = 1L << 62;

    /// <summary>The highest epoch whose versions are not above <see cref="Highest"/>.</summary>
    public const long HighestEpoch = (Highest >> CountBits) - 1;

    /// <summary>The version that a rollup has before its first change.</summary>
    public static long Before(long epoch) => epoch << CountBits;

    /// <summary>The same count in the given epoch, or in the version's next one where that is higher.</summary>
    public static long Raise(long version, long epoch) =>
        (Math.Max(epoch, (version >> CountBits) + 1) << CountBits) + (version & ((1L << CountBits) - 1));
}
