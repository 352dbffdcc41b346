using ClickOrleans.Pipeline.Index;

namespace ClickOrleans.Pipeline.Store;

/// <summary>What a store remembers of the states that were written to the index: what is needed to judge one that is found
/// there.</summary>
/// <param name="Epoch">The store's own.</param>
/// <param name="Token">Of the sequence that was found; null: the store has no such sequence.</param>
/// <param name="ConfirmedSequence">The highest that the index is known to have had; 0: none.</param>
public sealed record KnownHistory(long Epoch, Guid? Token, long ConfirmedSequence)
{
    public IndexHistory Compare(IndexState? found)
    {
        if (found is null)
        {
            return ConfirmedSequence > 0 ? IndexHistory.IndexWentBack : IndexHistory.None;
        }

        return Token != found.Token ? IndexHistory.StoreWentBack
            : found.Sequence < ConfirmedSequence ? IndexHistory.IndexWentBack
            : IndexHistory.Same;
    }

    /// <summary>The epoch behind the store's and the index's. One that no store can have reached says nothing.</summary>
    public long NextEpoch(IndexState found) =>
        Math.Max(Epoch, found.Epoch is >= 0 and < RollupVersion.HighestEpoch ? found.Epoch : 0) + 1;
}
