namespace ClickOrleans.Sqlite.Log;

/// <summary>Wakes the readers of this process when something was appended in it.</summary>
internal sealed class AppendSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _next = New();

    /// <summary>Completes at the next append. Take it before looking for messages, so that no append falls in between.</summary>
    public Task Next
    {
        get
        {
            lock (_gate)
            {
                return _next.Task;
            }
        }
    }

    public void Appended()
    {
        TaskCompletionSource waiting;
        lock (_gate)
        {
            waiting = _next;
            _next = New();
        }

        waiting.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
