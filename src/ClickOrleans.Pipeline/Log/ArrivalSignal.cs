namespace ClickOrleans.Pipeline.Log;

/// <summary>Tells readers that wait for messages that some have arrived. Safe for use by many threads.</summary>
public sealed class ArrivalSignal
{
    private TaskCompletionSource? _next;

    /// <summary>Completes at the next arrival. To be taken before looking for messages: no arrival falls in between.</summary>
    public Task Next
    {
        get
        {
            if (Volatile.Read(ref _next) is { } waiting)
            {
                return waiting.Task;
            }

            // Who raises the signal may hold a lock, or be a native library's thread: no reader continues there.
            var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref _next, next, null) ?? next).Task;
        }
    }

    public void Raise() => Interlocked.Exchange(ref _next, null)?.TrySetResult();

    /// <summary>Waits for an arrival, or until <paramref name="timeout"/> has passed.</summary>
    /// <param name="arrival">What <see cref="Next"/> gave.</param>
    /// <exception cref="OperationCanceledException"/>
    public static async ValueTask WaitAsync(
        Task arrival, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        await StageContext.EndAsync(arrival.WaitAsync(timeout, time, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
    }
}
