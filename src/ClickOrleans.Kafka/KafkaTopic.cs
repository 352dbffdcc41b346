using Confluent.Kafka;

namespace ClickOrleans.Kafka;

/// <summary>
/// Asks which topic has the name now. Requests are shared: whoever asks while one is under way gets the answer of the next,
/// so that an answer is never older than the question, and there are never more than one request at a time.
/// </summary>
internal sealed class KafkaTopic(KafkaAdmin admin, string topic)
{
    private readonly Lock _gate = new();
    private Task<TopicState> _running = Task.FromResult<TopicState>(default);
    private Task<TopicState>? _next;

    public string Name => topic;

    /// <summary>The topic's state at some moment after this call.</summary>
    /// <exception cref="KafkaException">No answer.</exception>
    public Task<TopicState> AskAsync()
    {
        lock (_gate)
        {
            return _running.IsCompleted
                ? _running = admin.DescribeAsync(topic, CancellationToken.None)
                : _next ??= RequestAfterAsync(_running);
        }
    }

    private async Task<TopicState> RequestAfterAsync(Task running)
    {
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        Task<TopicState> request;
        lock (_gate)
        {
            // From here on another question needs another request: this one has begun.
            _next = null;
            _running = request = admin.DescribeAsync(topic, CancellationToken.None);
        }

        return await request;
    }
}
