namespace ClickOrleans.Pipeline.Indexing;

/// <summary>What a run of the indexer did.</summary>
/// <param name="Sent">Documents sent, those sent again after push-back counted again.</param>
/// <param name="Acknowledged">Documents the index has now in this version or a newer one.</param>
/// <param name="Rejected">Documents the index refused; the reasons are with the rollups.</param>
/// <param name="Error">
/// Why the run ended before all were sent, or what the index refuses, in one line; null: the index has everything.
/// </param>
public sealed record IndexRun(long Sent, long Acknowledged, long Rejected, string? Error);
