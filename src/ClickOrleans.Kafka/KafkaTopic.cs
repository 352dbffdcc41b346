namespace ClickOrleans.Kafka;

/// <summary>
/// Asks which topic has the name now. Requests are shared: whoever asks while one is under way gets the answer of the next,
/// so that an answer is never older than the question, and there are never more than one request at a time.
/// </summary>
/// <remarks>
/// An answer names every partition. So that requests cost by time and by messages, and not by partitions times either, the next
/// one waits until the time, or the messages whose readers ask, are worth it.
/// </remarks>
internal sealed class KafkaTopic(KafkaAdmin admin, string topic, TimeProvider time)
{
    /// <summary>The time between two requests for each partition that an answer names.</summary>
    private static readonly TimeSpan Spacing = TimeSpan.FromMicroseconds(100);

    /// <summary>Shorter than this is not worth a timer.</summary>
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(2);

    private readonly Lock _gate = new();
    private Task<TopicState> _running = Task.FromResult<TopicState>(default);
    private TaskCompletionSource<TopicState>? _next;
    private TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _waiting;
    private long _begun;
    private (TopicState State, long Asked)? _latest;

    public string Name => topic;

    /// <summary>What the last answer said.</summary>
    public TopicState Latest
    {
        get
        {
            lock (_gate)
            {
                return _latest?.State ?? default;
            }
        }
    }

    /// <summary>The topic's state at some moment after this call.</summary>
    /// <param name="messages">How many messages wait for the answer.</param>
    /// <exception cref="Confluent.Kafka.KafkaException">No answer.</exception>
    public Task<TopicState> AskAsync(int messages = int.MaxValue)
    {
        lock (_gate)
        {
            _waiting += messages;
            var pays = _waiting >= Partitions;
            if (_next is null && _running.IsCompleted && (pays || Pause <= TimeSpan.Zero))
            {
                return Request();
            }

            if (_next is null)
            {
                _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
                _ = RequestNextAsync(_running, _hurry.Task);
            }

            if (pays)
            {
                _hurry.TrySetResult();
            }

            return _next.Task;
        }
    }

    /// <summary>The topic's state at some moment after <paramref name="timestamp"/>, if it is known.</summary>
    public bool TryGetSince(long timestamp, out TopicState state, out long asked)
    {
        lock (_gate)
        {
            (state, asked) = _latest ?? default;
            return _latest is not null && asked > timestamp;
        }
    }

    private int Partitions => _latest?.State.Partitions ?? 0;

    private TimeSpan Pause
    {
        get
        {
            var spacing = Spacing * Partitions;
            return spacing < Instant ? TimeSpan.Zero : spacing - time.GetElapsedTime(_begun);
        }
    }

    private Task<TopicState> Request()
    {
        _waiting = 0;
        _begun = time.GetTimestamp();
        if (_hurry.Task.IsCompleted)
        {
            _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return _running = DescribeAsync(_begun);
    }

    private async Task<TopicState> DescribeAsync(long asked)
    {
        var state = await admin.DescribeAsync(topic, CancellationToken.None).ConfigureAwait(false);
        lock (_gate)
        {
            _latest = (state, asked);
        }

        return state;
    }

    private async Task RequestNextAsync(Task running, Task hurry)
    {
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        TimeSpan pause;
        lock (_gate)
        {
            pause = Pause;
        }

        if (pause > TimeSpan.Zero)
        {
            await hurry.WaitAsync(pause, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        TaskCompletionSource<TopicState> next;
        Task<TopicState> request;
        lock (_gate)
        {
            // From here on another question needs another request: this one has begun.
            (next, _next) = (_next!, null);
            request = Request();
        }

        await ((Task)request).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        next.SetFromTask(request);
    }
}
