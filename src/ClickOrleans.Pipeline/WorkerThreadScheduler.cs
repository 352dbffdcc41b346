namespace ClickOrleans.Pipeline;

/// <summary>Runs tasks on a fixed number of threads of its own, first come, first served.</summary>
/// <remarks>
/// However many partitions a silo consumes, their steps share these threads: a consumer that waits holds none. Once it is
/// disposed, a task that still comes runs at once on the thread that queues it.
/// </remarks>
public sealed class WorkerThreadScheduler : TaskScheduler, IDisposable
{
    [ThreadStatic]
    private static WorkerThreadScheduler? _ofThread;

    private readonly object _gate = new();
    private readonly Queue<Task> _queue = new();
    private bool _disposed;

    /// <param name="name">The threads are named after it: <c>name 1</c>, <c>name 2</c>.</param>
    /// <param name="threads">How many; at least 1.</param>
    public WorkerThreadScheduler(string name, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        MaximumConcurrencyLevel = threads;
        for (var number = 1; number <= threads; number++)
        {
            new Thread(RunTasks) { IsBackground = true, Name = $"{name} {number}" }.UnsafeStart();
        }
    }

    public override int MaximumConcurrencyLevel { get; }

    /// <summary>Runs what is queued by now and ends the threads; does not wait for them.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            Monitor.PulseAll(_gate);
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _queue.Enqueue(task);
                Monitor.Pulse(_gate);
                return;
            }
        }

        TryExecuteTask(task);
    }

    /// <summary>Only on a thread of its own, which keeps the number of tasks that run at a time.</summary>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        _ofThread == this && !taskWasPreviouslyQueued && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_gate)
        {
            return [.. _queue];
        }
    }

    private void RunTasks()
    {
        _ofThread = this;
        while (Next() is { } task)
        {
            TryExecuteTask(task);
        }
    }

    /// <returns>Null once it is disposed and the queue is empty.</returns>
    private Task? Next()
    {
        lock (_gate)
        {
            Task? task;
            while (!_queue.TryDequeue(out task) && !_disposed)
            {
                Monitor.Wait(_gate);
            }

            return task;
        }
    }
}
