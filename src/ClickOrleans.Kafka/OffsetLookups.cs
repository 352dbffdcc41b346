using System.Collections.Concurrent;
using ClickOrleans.Kafka.Native;
using ClickOrleans.Pipeline.Log;
using Confluent.Kafka;

namespace ClickOrleans.Kafka;

/// <summary>
/// Asks for the offsets that partitions hold. Questions that come at about the same time become a request to each leader, so that
/// what they cost follows the brokers and not the partitions. A leader that is silent keeps only the answers of its own.
/// </summary>
internal sealed class OffsetLookups(KafkaAdmin admin, KafkaTopic topic, TimeProvider time)
{
    /// <summary>How long a question waits for others.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(2);

    /// <summary>librdkafka compares the partitions of a request with each other: larger ones cost more for each.</summary>
    private const int MostOfARequest = 256;

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<int, long> _ends = new();
    private Dictionary<int, TaskCompletionSource<OffsetRange>> _asked = [];

    /// <summary>The end of a partition as it was told last; null if it never was.</summary>
    public long? LastEnd(int partition) => _ends.TryGetValue(partition, out var end) ? end : null;

    /// <summary>The offsets that a partition holds at some moment after this call.</summary>
    /// <exception cref="KafkaException">No answer, or an error.</exception>
    public Task<OffsetRange> AskAsync(int partition)
    {
        lock (_gate)
        {
            if (!_asked.TryGetValue(partition, out var answer))
            {
                if (_asked.Count == 0)
                {
                    _ = SendSoonAsync();
                }

                _asked[partition] = answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return answer.Task;
        }
    }

    private async Task SendSoonAsync()
    {
        await Task.Delay(Gathering, time).ConfigureAwait(false);
        Dictionary<int, TaskCompletionSource<OffsetRange>> asked;
        lock (_gate)
        {
            (asked, _asked) = (_asked, []);
        }

        var leaders = topic.Latest.Leaders;
        foreach (var group in asked.GroupBy(question => Leader(leaders, question.Key)))
        {
            foreach (var request in group.Chunk(MostOfARequest))
            {
                _ = AnswerAsync(request.ToDictionary());
            }
        }
    }

    private static int Leader(IReadOnlyList<int>? leaders, int partition) =>
        leaders is not null && partition >= 0 && partition < leaders.Count ? leaders[partition] : TopicState.NoLeader;

    private async Task AnswerAsync(Dictionary<int, TaskCompletionSource<OffsetRange>> asked)
    {
        try
        {
            var starts = admin.ListOffsetsAsync(topic.Name, asked.Keys, LibrdkafkaAdmin.Earliest, CancellationToken.None);
            var ends = admin.ListOffsetsAsync(topic.Name, asked.Keys, LibrdkafkaAdmin.Latest, CancellationToken.None);
            await Task.WhenAll(starts, ends).ConfigureAwait(false);
            var endOf = (await ends.ConfigureAwait(false)).ToDictionary(end => end.Partition);
            foreach (var start in await starts.ConfigureAwait(false))
            {
                Answer(asked[start.Partition], start, endOf[start.Partition]);
            }
        }
        catch (Exception failure)
        {
            foreach (var answer in asked.Values)
            {
                answer.TrySetException(failure);
            }
        }
    }

    private void Answer(TaskCompletionSource<OffsetRange> answer, ListedOffset start, ListedOffset end)
    {
        var error = start.Error != ErrorCode.NoError ? start.Error : end.Error;
        if (error == ErrorCode.NoError)
        {
            _ends[end.Partition] = end.Offset;
            answer.TrySetResult(new(start.Offset, end.Offset));
        }
        else
        {
            answer.TrySetException(new KafkaException(error));
        }
    }
}
