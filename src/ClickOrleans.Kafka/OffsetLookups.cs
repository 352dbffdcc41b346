using System.Collections.Concurrent;
using ClickOrleans.Kafka.Native;
using ClickOrleans.Pipeline.Log;
using Confluent.Kafka;

namespace ClickOrleans.Kafka;

/// <summary>Asks for the offsets that partitions hold, of many at a time.</summary>
internal sealed class OffsetLookups
{
    private readonly KafkaAdmin _admin;
    private readonly KafkaTopic _topic;
    private readonly LeaderRequests<OffsetRange> _ranges;
    private readonly LeaderRequests<long> _highWatermarks;
    private readonly ConcurrentDictionary<int, long> _ends = new();

    public OffsetLookups(KafkaAdmin admin, KafkaTopic topic, TimeProvider time)
    {
        _admin = admin;
        _topic = topic;
        _ranges = new(topic, time, RangesAsync);
        _highWatermarks = new(topic, time, HighWatermarksAsync);
    }

    /// <summary>The end of a partition as it was told last; null if it never was.</summary>
    public long? LastEnd(int partition) => _ends.TryGetValue(partition, out var end) ? end : null;

    /// <summary>The offsets that a partition holds at some moment after this call.</summary>
    /// <exception cref="KafkaException">No answer, or an error.</exception>
    public Task<OffsetRange> AskAsync(int partition) => _ranges.AskAsync(partition);

    /// <summary>The offset behind a partition's last message, those of open transactions included.</summary>
    /// <exception cref="KafkaException">No answer, or an error.</exception>
    public Task<long> AskHighWatermarkAsync(int partition) => _highWatermarks.AskAsync(partition);

    private async Task<IReadOnlyDictionary<int, LeaderAnswer<OffsetRange>>> RangesAsync(IReadOnlyCollection<int> partitions)
    {
        var starts = ListAsync(partitions, LibrdkafkaAdmin.Earliest, LibrdkafkaAdmin.ReadCommitted);
        var ends = ListAsync(partitions, LibrdkafkaAdmin.Latest, LibrdkafkaAdmin.ReadCommitted);
        await Task.WhenAll(starts, ends).ConfigureAwait(false);
        var startOf = (await starts.ConfigureAwait(false)).ToDictionary(start => start.Partition);
        return (await ends.ConfigureAwait(false)).ToDictionary(end => end.Partition, end => Range(startOf[end.Partition], end));
    }

    private LeaderAnswer<OffsetRange> Range(ListedOffset start, ListedOffset end)
    {
        var failure = FailureOf(start) ?? FailureOf(end);
        if (failure is null)
        {
            _ends[end.Partition] = end.Offset;
        }

        return new(new(start.Offset, end.Offset), failure);
    }

    private async Task<IReadOnlyDictionary<int, LeaderAnswer<long>>> HighWatermarksAsync(IReadOnlyCollection<int> partitions)
    {
        var ends = await ListAsync(partitions, LibrdkafkaAdmin.Latest, LibrdkafkaAdmin.ReadUncommitted).ConfigureAwait(false);
        return ends.ToDictionary(end => end.Partition, end => new LeaderAnswer<long>(end.Offset, FailureOf(end)));
    }

    private Task<IReadOnlyList<ListedOffset>> ListAsync(IReadOnlyCollection<int> partitions, long which, int isolation) =>
        _admin.ListOffsetsAsync(_topic.Name, partitions, which, isolation, CancellationToken.None);

    private KafkaException? FailureOf(ListedOffset offset) =>
        offset.Error == ErrorCode.NoError ? null : _admin.Failure(offset);
}
