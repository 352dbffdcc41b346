namespace ClickOrleans.Pipeline;

/// <summary>
/// What every stage is given instead of taking it from its surroundings: in production the system's clock, shared randomness
/// and a few threads; in a simulation virtual time, a seed and one thread.
/// </summary>
/// <param name="Time">Measures every pause, timeout and duration.</param>
/// <param name="Random">Draws jitter. Safe for use by as many threads as the scheduler has.</param>
/// <param name="Scheduler">Runs what outlives the call that started it.</param>
public sealed record StageContext(TimeProvider Time, Random Random, TaskScheduler Scheduler)
{
    /// <summary>
    /// Runs <paramref name="work"/> on the scheduler, up to its end. Without the caller's execution context: what outlives the
    /// call is no part of its trace.
    /// </summary>
    public Task RunAsync(Func<Task> work)
    {
        Task<Task> started;
        using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
        {
            started = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, Scheduler);
        }

        return started.Unwrap();
    }

    /// <summary>Completes on the scheduler, behind what waits for it now.</summary>
    public Task YieldAsync() =>
        Task.Factory.StartNew(static () => { }, CancellationToken.None, TaskCreationOptions.DenyChildAttach, Scheduler);

    /// <summary>Waits for a time, or until it is cancelled.</summary>
    /// <remarks>Does not throw, so that whoever pauses looks at the token as before any other step.</remarks>
    public Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken) =>
        EndAsync(Task.Delay(pause, Time, cancellationToken));

    /// <summary>Waits until the task has ended, however it does.</summary>
    public static async Task EndAsync(Task task) =>
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
}
