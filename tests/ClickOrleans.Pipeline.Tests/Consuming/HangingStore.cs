using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Tests.Consuming;

/// <summary>A store whose commits only end when they are cancelled.</summary>
/// <param name="committing">Completed when the first commit has begun.</param>
internal sealed class HangingStore(IClickStore inner, TaskCompletionSource committing) : ScriptedStore(inner)
{
    public override async Task<bool> CommitAsync(ClickBatch batch, CancellationToken cancellationToken)
    {
        committing.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        return true;
    }
}
