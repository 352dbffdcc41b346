using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace ClickOrleans.Kafka;

/// <summary>What the cluster says about the topic.</summary>
/// <param name="TopicId">Null while there is no topic of the name.</param>
internal readonly record struct TopicState(Guid? TopicId, int Partitions);

/// <summary>
/// Asks which topic has the name now. Requests are shared: whoever asks while one is under way gets the answer of the next,
/// so that an answer is never older than the question, and there are never more than one request at a time.
/// </summary>
internal sealed class KafkaTopic(IAdminClient admin, string topic)
{
    /// <summary>How long an answer may take before it is an outage.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

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
                ? _running = RequestAsync()
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
            _running = request = RequestAsync();
        }

        return await request;
    }

    private async Task<TopicState> RequestAsync()
    {
        try
        {
            var answer = await admin.DescribeTopicsAsync(
                TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = Timeout });
            var found = answer.TopicDescriptions[0];
            return new(ToGuid(found.TopicId), found.Partitions.Count);
        }
        catch (DescribeTopicsException e) when (IsMissing(e))
        {
            return default;
        }
    }

    private static bool IsMissing(DescribeTopicsException e) =>
        e.Results.TopicDescriptions is [{ Error.Code: ErrorCode.UnknownTopicOrPart }];

    /// <summary>Kafka's id as the UUID of the same 128 bits, the first being the most significant.</summary>
    private static Guid ToGuid(Uuid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, id.MostSignificantBits);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes[8..], id.LeastSignificantBits);
        return new(bytes, bigEndian: true);
    }
}
