using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Pipeline.Indexing;

/// <summary>
/// Finds out whether the store or the index went back to an earlier time, by a state that both keep: (sequence, random token).
/// </summary>
/// <remarks>
/// A document is only sent under a sequence that the store committed after the fold that made it, and after the last mark of a
/// call comes a later sequence: so a store or an index restored to any time between two calls differs in its sequence. A restore
/// to the middle of a call that was cut short is left to <see cref="IndexSweep"/>.
/// </remarks>
internal sealed class HistoryCheck(IRollupStore store, IClickIndex index, StageContext context, ILogger logger)
{
    private readonly byte[] _token = new byte[16];
    private long _indexSequence;

    /// <summary>Documents were sent and no sequence has been drawn since.</summary>
    private bool _isSending;

    /// <summary>What is being healed, in one line; null: nothing.</summary>
    public string? Healing { get; private set; }

    /// <summary>Compares the index's state with the store's; where one went back, everything is unindexed from now on.</summary>
    /// <param name="isReplaced">The index is another one than before, without the state of that one.</param>
    public async Task CompareAsync(bool isReplaced, CancellationToken cancellationToken)
    {
        var found = await index.ReadStateAsync(cancellationToken);
        _indexSequence = found?.Sequence ?? 0;
        var history = await StoreFailedException.WrapAsync(() => store.CompareHistoryAsync(found, cancellationToken));
        if (history == IndexHistory.StoreWentBack)
        {
            logger.StoreWentBack(index.Description, found!.Sequence);
            Healing = "the store went back to an earlier time: every rollup is being indexed again, in a higher epoch";
        }
        else if (history == IndexHistory.IndexWentBack && !isReplaced)
        {
            logger.IndexWentBack(index.Description, _indexSequence);
            Healing = "the index went back to an earlier time: every rollup is being indexed again";
        }

        if (history != IndexHistory.Same || _isSending)
        {
            await AdvanceAsync(cancellationToken);
        }
    }

    /// <summary>To be called before documents are sent. Does nothing the second time.</summary>
    public async Task BeginSendingAsync(CancellationToken cancellationToken)
    {
        if (!_isSending)
        {
            await AdvanceAsync(cancellationToken);
            _isSending = true;
        }
    }

    /// <summary>To be called behind the last mark.</summary>
    /// <param name="isDone">Nothing is left to send.</param>
    public async Task EndSendingAsync(bool isDone, CancellationToken cancellationToken)
    {
        if (_isSending)
        {
            await AdvanceAsync(cancellationToken);
        }

        if (isDone && Healing is not null)
        {
            logger.Healed(index.Description);
            Healing = null;
        }
    }

    private async Task AdvanceAsync(CancellationToken cancellationToken)
    {
        context.Random.NextBytes(_token);
        var state = await StoreFailedException.WrapAsync(
            () => store.AdvanceHistoryAsync(_indexSequence, new Guid(_token), cancellationToken));
        if (await index.WriteStateAsync(state, cancellationToken))
        {
            await StoreFailedException.WrapAsync(() => store.ConfirmHistoryAsync(state.Sequence, cancellationToken));
        }

        _indexSequence = state.Sequence;
        _isSending = false;
    }
}
