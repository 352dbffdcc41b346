using System.Diagnostics.CodeAnalysis;

namespace ClickOrleans.Testing;

/// <summary>
/// Runs tasks one by one, in the order in which they were queued, on the thread that asks it to: the same order in every run.
/// </summary>
public sealed class PumpedTaskScheduler : TaskScheduler
{
    private readonly Lock _gate = new();
    private readonly Queue<Task> _queue = new();

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs what is queued, and what that queues, until nothing is.</summary>
    public void RunUntilIdle()
    {
        while (TryTake(out var task))
        {
            TryExecuteTask(task);
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (_gate)
        {
            _queue.Enqueue(task);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_gate)
        {
            return [.. _queue];
        }
    }

    private bool TryTake([NotNullWhen(true)] out Task? task)
    {
        lock (_gate)
        {
            return _queue.TryDequeue(out task);
        }
    }
}
