using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Pipeline.Consuming;

/// <summary>
/// Runs a <see cref="PartitionConsumer"/> for each of the partitions it is told to, all on the context's scheduler, and restarts
/// those that ended without being told to. Used by one caller at a time.
/// </summary>
public sealed class ConsumerWorker(
    IClickLog log,
    IClickStore store,
    ConsumingOptions options,
    StageContext context,
    ILoggerFactory loggers,
    DuplicatesOptions? duplicates = null) : IAsyncDisposable
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
            else if (running.Ended is { } ended && context.Time.GetElapsedTime(ended) >= options.StandDown)
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
        if (stopping.Count == 0)
        {
            return;
        }

        // On the scheduler, because what waits may be continued within the call.
        await context.RunAsync(() =>
        {
            foreach (var running in stopping.Values)
            {
                running.Stop.Cancel();
            }

            return Task.CompletedTask;
        });
        foreach (var (partition, running) in stopping)
        {
            await running.Done;
            running.Stop.Dispose();
            _running.Remove(partition);
        }
    }

    private Running Start(int partition)
    {
        var consumer = new PartitionConsumer(
            log,
            store,
            partition,
            options,
            duplicates ?? new DuplicatesOptions(),
            context,
            loggers.CreateLogger<PartitionConsumer>());
        return new Running(consumer, context);
    }

    private sealed class Running
    {
        private readonly StageContext _context;
        private long _ended;

        public Running(PartitionConsumer consumer, StageContext context)
        {
            (Consumer, _context) = (consumer, context);
            Done = context.RunAsync(RunAsync);
        }

        public PartitionConsumer Consumer { get; }

        public CancellationTokenSource Stop { get; } = new();

        public Task Done { get; }

        /// <summary>The timestamp at which it ended; null while it runs.</summary>
        public long? Ended => Done.IsCompleted ? Volatile.Read(ref _ended) : null;

        private async Task RunAsync()
        {
            try
            {
                await Consumer.RunAsync(Stop.Token);
            }
            finally
            {
                Volatile.Write(ref _ended, _context.Time.GetTimestamp());
            }
        }
    }
}
