namespace ClickOrleans.Grains.Statistics;

/// <summary>What one consumer committed within about a second.</summary>
[GenerateSerializer]
[Alias("ClickOrleans.CommitSummary")]
[Immutable]
public sealed record CommitSummary(
    [property: Id(0)] int Consumer,
    [property: Id(1)] string Silo,
    [property: Id(2)] DateTime At,
    [property: Id(3)] long Stored,
    [property: Id(4)] long DeadLetters);
