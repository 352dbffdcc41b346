using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Sqlite.Log;

/// <summary>Messages that wait for the transaction that will hold them.</summary>
internal sealed class PendingAppend(IReadOnlyList<LogMessage> messages)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<LogMessage> Messages { get; } = messages;

    public Task Done => _done.Task;

    public void Succeed() => _done.SetResult();

    public void Fail(Exception reason) =>
        _done.SetException(new LogAppendException(Messages.Count, Messages.Count, reason.Message, reason));
}
