namespace ClickOrleans.Pipeline.Verifying;

/// <param name="Sample">
/// The most stored records that are compared with the log, and the most folded clicks up to which every rollup is counted
/// again; beyond, evenly spread samples are taken. 0 = everything, however long it takes.
/// </param>
public sealed record VerifyOptions(long Sample = 1_000_000)
{
    /// <summary>How many differences of one kind are named.</summary>
    public int MaxNamed { get; init; } = 20;
}
