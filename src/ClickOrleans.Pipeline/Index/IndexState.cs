namespace ClickOrleans.Pipeline.Index;

/// <summary>
/// Written beside the documents: which moment of the store's history they are from. By it a store, or an index, that was set back
/// to an earlier time is told from one that was not.
/// </summary>
/// <param name="Sequence">Grows with every write.</param>
/// <param name="Token">Random: two histories of one store have the same numbers and other tokens.</param>
/// <param name="Epoch">The store's epoch: <see cref="Store.RollupVersion"/>.</param>
public sealed record IndexState(long Sequence, Guid Token, long Epoch);
