namespace ClickOrleans.Pipeline.Verifying;

/// <param name="Sample">
/// At most about so many stored records are compared with the log, and up to so many folded clicks every rollup is recounted;
/// beyond, evenly spaced samples are taken. 0 = compare everything.
/// </param>
public sealed record VerifyOptions(long Sample = 1_000_000)
{
    /// <summary>From 0 to 1: where the samples lie. Another one each time finds in time what one misses.</summary>
    public double Phase { get; init; }

    /// <summary>At most so many differences of one kind are named.</summary>
    public int MaxNamed { get; init; } = 20;
}
