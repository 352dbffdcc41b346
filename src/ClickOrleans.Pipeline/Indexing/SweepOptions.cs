using System.ComponentModel.DataAnnotations;

namespace ClickOrleans.Pipeline.Indexing;

/// <summary>How the index is compared with the rollups, all the time.</summary>
public sealed class SweepOptions
{
    public const string Section = "ClickOrleans:Index:Sweep";

    /// <summary>Documents compared each second; 0 = none.</summary>
    /// <value>Default 300, by which a million documents take an hour; 0 to 100,000.</value>
    [Range(0, 100_000)]
    public int DocumentsPerSecond { get; set; } = 300;

    /// <summary>A round begins no sooner after the one before, so that a small index is not compared without a pause.</summary>
    /// <value>Default 1 min; 1 s to 1 day.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Period { get; set; } = TimeSpan.FromMinutes(1);
}
