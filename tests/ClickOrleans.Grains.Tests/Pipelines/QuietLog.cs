using System.Collections.Concurrent;
using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Grains.Tests.Pipelines;

/// <summary>A log in which nothing happens: it counts who reads, and refuses to be read where it is told to.</summary>
internal sealed class QuietLog(int partitions, TimeProvider time) : IClickLog
{
    private readonly LogIdentity _identity = new("quiet", Guid.NewGuid());
    private readonly int[] _readers = new int[partitions];

    public string Description => "quiet";

    public string Topic => _identity.Topic;

    /// <summary>How many read each partition now.</summary>
    public IReadOnlyList<int> Readers => _readers;

    /// <summary>A partition that nobody can read; -1 = none.</summary>
    public int Broken { get; set; } = -1;

    /// <summary>When somebody tried to read the broken partition.</summary>
    public ConcurrentQueue<long> Attempts { get; } = [];

    public Task<LogIdentity> OpenAsync(CancellationToken cancellationToken) => Task.FromResult(_identity);

    public Task<LogIdentity> IdentifyAsync(CancellationToken cancellationToken) => Task.FromResult(_identity);

    public Task<int> GetPartitionCountAsync(CancellationToken cancellationToken) => Task.FromResult(partitions);

    public Task<OffsetRange> GetOffsetsAsync(int partition, CancellationToken cancellationToken) =>
        Task.FromResult(new OffsetRange(0, 0));

    public Task AppendAsync(IReadOnlyList<LogMessage> messages, CancellationToken cancellationToken) => Task.CompletedTask;

    public ILogReader OpenReader(LogIdentity identity, int partition, long offset)
    {
        if (partition == Broken)
        {
            Attempts.Enqueue(time.GetTimestamp());
            throw new InvalidOperationException("this partition is broken");
        }

        return new Reader(_readers, partition, time);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Reader : ILogReader
    {
        private readonly int[] _readers;
        private readonly int _partition;
        private readonly TimeProvider _time;

        public Reader(int[] readers, int partition, TimeProvider time)
        {
            (_readers, _partition, _time) = (readers, partition, time);
            Interlocked.Increment(ref _readers[_partition]);
        }

        public long Position => 0;

        public async ValueTask ReadAsync(IMessageVisitor visitor, TimeSpan wait, CancellationToken cancellationToken) =>
            await Task.Delay(wait, _time, cancellationToken);

        public void Acknowledge(long nextOffset)
        {
        }

        public ValueTask DisposeAsync()
        {
            Interlocked.Decrement(ref _readers[_partition]);
            return ValueTask.CompletedTask;
        }
    }
}
