using Confluent.Kafka;

namespace ClickOrleans.Kafka;

/// <summary>
/// Questions about partitions. Those that come at about the same time become a request to each leader, so that what they cost
/// follows the brokers and not the partitions. A leader that is silent keeps only the answers of its own.
/// </summary>
/// <param name="send">Asks about partitions that should have one leader.</param>
internal sealed class LeaderRequests<T>(
    KafkaTopic topic, TimeProvider time, Func<IReadOnlyCollection<int>, Task<IReadOnlyDictionary<int, LeaderAnswer<T>>>> send)
{
    /// <summary>How long a question waits for others.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(2);

    /// <summary>librdkafka compares the partitions of a request with each other: larger ones cost more for each.</summary>
    private const int MostOfARequest = 256;

    private readonly Lock _gate = new();
    private Dictionary<int, TaskCompletionSource<T>> _asked = [];

    /// <summary>The answer for a partition at some moment after this call.</summary>
    /// <exception cref="KafkaException">No answer, or an error.</exception>
    public Task<T> AskAsync(int partition)
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
        Dictionary<int, TaskCompletionSource<T>> asked;
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

    private async Task AnswerAsync(Dictionary<int, TaskCompletionSource<T>> asked)
    {
        try
        {
            var answers = await send(asked.Keys).ConfigureAwait(false);
            foreach (var (partition, answer) in asked)
            {
                var (found, failure) = answers[partition];
                if (failure is null)
                {
                    answer.SetResult(found);
                }
                else
                {
                    answer.SetException(failure);
                }
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
}

/// <summary>What a leader says of a partition, or why it is not known.</summary>
internal readonly record struct LeaderAnswer<T>(T Found, KafkaException? Failure);
