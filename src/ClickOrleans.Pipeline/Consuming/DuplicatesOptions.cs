using System.ComponentModel.DataAnnotations;

namespace ClickOrleans.Pipeline.Consuming;

/// <summary>How far back the repeat of an event id is recognised.</summary>
public sealed class DuplicatesOptions
{
    public const string Section = "ClickOrleans:Duplicates";

    /// <summary>
    /// Of so many offsets of a partition, counted from the click that had it first, no event id is stored as a click again. A
    /// partition keeps at most 24 bytes of memory for each id among them, and none where messages have no ids.
    /// </summary>
    /// <value>Default 100,000; 0 (repeats are clicks like any other) to 10,000,000.</value>
    [Range(0, 10_000_000)]
    public int Window { get; set; } = 100_000;
}
