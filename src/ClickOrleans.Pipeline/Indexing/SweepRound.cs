namespace ClickOrleans.Pipeline.Indexing;

/// <summary>What a round of the sweep found.</summary>
/// <param name="Ended">When it ended.</param>
/// <param name="Compared">Rollups compared with their documents.</param>
/// <param name="Repaired">Documents that were missing or wrong: they are sent again.</param>
/// <param name="Removed">Documents without a rollup: they are deleted.</param>
public sealed record SweepRound(DateTime Ended, TimeSpan Took, long Compared, long Repaired, long Removed);
