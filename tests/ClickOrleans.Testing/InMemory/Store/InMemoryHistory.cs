using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Testing.InMemory.Store;

/// <summary>The states that were written to the index, and what a state found there says.</summary>
internal static class InMemoryHistory
{
    public static (StoreState State, IndexHistory History) Compare(StoreState state, IndexState? found)
    {
        var known = new KnownHistory(
            state.Epoch,
            found is null ? null : state.IndexStates.GetValueOrDefault(found.Sequence)?.Token,
            state.IndexStates.Where(written => written.Value.IsConfirmed).Select(written => written.Key).LastOrDefault());
        var history = known.Compare(found);
        return history switch
        {
            IndexHistory.StoreWentBack => (Raise(Keep(state), known.NextEpoch(found!)), history),
            IndexHistory.IndexWentBack => (Change(state, rollup => rollup with { IndexedVersion = 0 }), history),
            _ => (state, history),
        };
    }

    public static (StoreState State, IndexState Drawn) Advance(StoreState state, long indexSequence, Guid token)
    {
        var sequence = Math.Max(state.IndexStates.Keys.LastOrDefault(), indexSequence) + 1;
        var states = state.IndexStates.Add(sequence, new WrittenState(token, IsConfirmed: false));
        return (
            state with { IndexStates = states.RemoveRange(states.Keys.TakeWhile(old => old < sequence - 10_000)) },
            new IndexState(sequence, token, state.Epoch));
    }

    public static StoreState Confirm(StoreState state, long sequence) => state.IndexStates.TryGetValue(sequence, out var written)
        ? state with { IndexStates = state.IndexStates.SetItem(sequence, written with { IsConfirmed = true }) }
        : state;

    private static StoreState Keep(StoreState state) =>
        state.IndexStates.IsEmpty ? state with { KeptIndex = state.IndexIdentity } : state;

    private static StoreState Raise(StoreState state, long epoch) =>
        Change(state, rollup => rollup with { Version = RollupVersion.Raise(rollup.Version, epoch), IndexedVersion = 0 }) with
        {
            Epoch = epoch,
        };

    private static StoreState Change(StoreState state, Func<Rollup, Rollup> change) => state with
    {
        Rollups = state.Rollups.SetItems(state.Rollups.ToDictionary(
            entry => entry.Key, entry => new RollupRow(change(entry.Value.Rollup)))),
    };
}
