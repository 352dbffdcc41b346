namespace ClickOrleans.Pipeline.Aggregating;

/// <summary>What one run of the aggregation did.</summary>
/// <param name="Clicks">Clicks folded.</param>
/// <param name="Rollups">Rollup rows changed, counted once per transaction.</param>
/// <param name="Documents">Documents that the index acknowledged.</param>
/// <param name="Error">Null if all went well; a run that could fold but not index has one too.</param>
public sealed record AggregationRun(DateTime Started, TimeSpan Took, long Clicks, long Rollups, long Documents, string? Error);
