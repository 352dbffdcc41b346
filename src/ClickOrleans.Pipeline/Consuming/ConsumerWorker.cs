using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Pipeline.Consuming;

/// <summary>
/// Runs a <see cref="PartitionConsumer"/> for each of the partitions it is told to, each on a thread of its own, and brings
/// back those that ended without being told to. Used by one caller at a time.
/// </summary>
public sealed class ConsumerWorker(
    IClickLog log, IClickStore store, ConsumingOptions options, TimeProvider time, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly Dictionary<int, Running> _running = [];

    public IReadOnlyList<PartitionReport> Reports => [.. _running.Values.Select(running => running.Consumer.Report)];

    /// <summary>Starts what is missing, stops what is not named. Returns when what had to stop has stopped.</summary>
    public async Task AssignAsync(IReadOnlyCollection<int> partitions)
    {
        await StopAsync(_running.Keys.Except(partitions));
        foreach (var partition in partitions)
        {
            if (!_running.TryGetValue(partition, out var running))
            {
                _running[partition] = Start(partition);
            }
            else if (running.Ended is { } ended && time.GetElapsedTime(ended) >= options.StandDown)
            {
                running.Stop.Dispose();
                _running[partition] = Start(partition);
            }
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(_running.Keys);

    private async Task StopAsync(IEnumerable<int> partitions)
    {
        var stopping = partitions.ToDictionary(partition => partition, partition => _running[partition]);
        foreach (var running in stopping.Values)
        {
            await running.Stop.CancelAsync();
        }

        foreach (var (partition, running) in stopping)
        {
            await running.Done;
            running.Stop.Dispose();
            _running.Remove(partition);
        }
    }

    private Running Start(int partition)
    {
        var consumer = new PartitionConsumer(log, store, partition, options, time, loggers.CreateLogger<PartitionConsumer>());
        var running = new Running(consumer, time);

        // Without the caller's context: the thread outlives the call, and its work is no part of the call's trace.
        new Thread(running.Run) { IsBackground = true, Name = $"consumer of partition {partition}" }.UnsafeStart();
        return running;
    }

    private sealed class Running(PartitionConsumer consumer, TimeProvider time)
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _ended;

        public PartitionConsumer Consumer => consumer;

        public CancellationTokenSource Stop { get; } = new();

        public Task Done => _done.Task;

        /// <summary>The timestamp at which it ended; null while it runs.</summary>
        public long? Ended => _done.Task.IsCompleted ? Volatile.Read(ref _ended) : null;

        public void Run()
        {
            try
            {
                consumer.Run(Stop.Token);
            }
            finally
            {
                Volatile.Write(ref _ended, time.GetTimestamp());
                _done.SetResult();
            }
        }
    }
}
