namespace ClickOrleans.Pipeline;

/// <summary>Calls to servers that may be silent.</summary>
public static class BoundedCall
{
    /// <summary>
    /// Calls, and gives up after <paramref name="timeout"/>: the call's token is cancelled then, and a call that does not heed it
    /// is left to itself.
    /// </summary>
    /// <remarks>
    /// The caller waits for no callback of the token. Npgsql's is synchronous: it connects to the server to cancel the command
    /// there and reads until the server hangs up, which a server that is silent does not do. For the same reason it has a thread
    /// of its own instead of one of the pool's.
    /// </remarks>
    /// <exception cref="TimeoutException">No answer in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> call, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var abandoned = new CancellationTokenSource();
        var answer = call(abandoned.Token);
        try
        {
            return await answer.WaitAsync(timeout, time, cancellationToken);
        }
        catch (TimeoutException exception) when (!answer.IsFaulted)
        {
            throw new TimeoutException($"no answer within {timeout.TotalSeconds:0.#} s", exception);
        }
        finally
        {
            if (answer.IsCompleted)
            {
                abandoned.Dispose();
            }
            else
            {
                new Thread(() => Cancel(abandoned)) { IsBackground = true, Name = "cancellation" }.Start();
            }
        }
    }

    private static void Cancel(CancellationTokenSource abandoned)
    {
        try
        {
            abandoned.Cancel();
        }
        catch (AggregateException)
        {
            // A callback failed: nobody waits for this call any more.
        }
    }
}
