using ClickOrleans.Kafka.Native;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Kafka;

/// <summary>
/// Owns the client that asks the cluster about topics and offsets. Every question has a deadline, librdkafka's and a later one of
/// ours. A client that lets one pass and has answered nothing of the kind since is replaced: what wedges it, or a broker that it
/// holds on to, does not wedge the next. Questions never wait for each other.
/// </summary>
internal sealed class KafkaAdmin(IEnumerable<KeyValuePair<string, string>> properties, TimeProvider time, ClientLog logger)
    : IAsyncDisposable
{
    private const string ListOffsets = "ListOffsets";

    /// <summary>How long an answer may take before it is an outage.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>How much longer ours waits than librdkafka should.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>How long closing waits for clients to end; a client that takes longer ends with the process.</summary>
    private static readonly TimeSpan ClosingTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _answeredAt = [];
    private readonly HashSet<Task> _retiring = [];
    private long _lastAnswerAt = time.GetTimestamp();
    private NativeAdmin? _client;
    private bool _closed;

    public TimeSpan SinceLastAnswer
    {
        get
        {
            lock (_gate)
            {
                return time.GetElapsedTime(_lastAnswerAt);
            }
        }
    }

    /// <exception cref="KafkaException">No answer, or an error.</exception>
    public Task<TopicState> DescribeAsync(string topic, CancellationToken cancellationToken) =>
        AskAsync("DescribeTopics", client => client.DescribeAsync(topic, Timeout), Timeout, cancellationToken);

    /// <summary>Asks for the offsets of partitions that should have one leader: a silent one keeps the whole answer.</summary>
    /// <param name="which"><see cref="LibrdkafkaAdmin.Earliest"/> or <see cref="LibrdkafkaAdmin.Latest"/>.</param>
    /// <param name="isolation"><inheritdoc cref="NativeAdmin.ListOffsetsAsync" path="/param[@name='isolation']"/></param>
    /// <exception cref="KafkaException">No answer, or an error.</exception>
    public Task<IReadOnlyList<ListedOffset>> ListOffsetsAsync(
        string topic, IReadOnlyCollection<int> partitions, long which, int isolation, CancellationToken cancellationToken) =>
        AskAsync(
            ListOffsets,
            client => client.ListOffsetsAsync(topic, partitions, which, isolation, Timeout),
            Timeout,
            cancellationToken);

    /// <summary>Why a partition's offset is not known, as a question that failed as a whole says it.</summary>
    public KafkaException Failure(ListedOffset offset) => Failure(ListOffsets, new Error(offset.Error), inner: null);

    /// <returns>Whether the topic was made: false where one of its name is there.</returns>
    /// <exception cref="KafkaException">No answer, or an error.</exception>
    public Task<bool> CreateAsync(
        KafkaOptions options, IReadOnlyDictionary<string, string> configuration, CancellationToken cancellationToken)
    {
        var timeout = Timeout + Timeout;
        return AskAsync(
            "CreateTopics",
            client => client.CreateAsync(options.Topic, options.Partitions, options.ReplicationFactor, configuration, timeout),
            timeout,
            cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        NativeAdmin? last;
        Task[] retiring;
        lock (_gate)
        {
            (_closed, last, _client) = (true, _client, null);
            retiring = [.. _retiring];
        }

        var closing = Task.WhenAll([Task.Run(() => last?.Dispose()), .. retiring]);
        await closing.WaitAsync(ClosingTimeout, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<T> AskAsync<T>(
        string kind, Func<NativeAdmin, Task<T>> ask, TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var client = Current();
        var asked = time.GetTimestamp();
        try
        {
            var answer = await ask(client).WaitAsync(timeout + Grace, time, cancellationToken);
            Answered(kind);
            return answer;
        }
        catch (TimeoutException exception)
        {
            Replace(client, kind, asked);
            var reason = $"no answer within {(timeout + Grace).TotalSeconds:0} s";
            throw Failure(kind, new Error(ErrorCode.Local_TimedOut, reason), exception);
        }
        catch (KafkaException exception)
        {
            if (exception.Error.Code is ErrorCode.Local_TimedOut)
            {
                Replace(client, kind, asked);
            }

            throw Failure(kind, exception.Error, exception);
        }
    }

    private KafkaException Failure(string kind, Error error, Exception? inner) =>
        new(new Error(error.Code, $"{kind}: {KafkaReason.Of(error, logger.LastError)}"), inner);

    private NativeAdmin Current()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            return _client ??= new(properties, logger);
        }
    }

    private void Answered(string kind)
    {
        lock (_gate)
        {
            _answeredAt[kind] = _lastAnswerAt = time.GetTimestamp();
        }
    }

    private void Replace(NativeAdmin client, string kind, long asked)
    {
        lock (_gate)
        {
            var answers = _answeredAt.TryGetValue(kind, out var answered) && answered > asked;
            if (_closed || answers || !ReferenceEquals(client, _client))
            {
                return;
            }

            _client = null;
            logger.AdminClientReplaced(kind);
            var retiring = RetireAsync(client);
            _retiring.Add(retiring);
            _ = retiring.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>Lets the other questions of a client that was replaced have their answers before it is closed.</summary>
    private async Task RetireAsync(NativeAdmin client)
    {
        await client.WaitUntilIdleAsync().WaitAsync(Timeout + Grace, time)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        client.Dispose();
    }

    private void Forget(Task retired)
    {
        lock (_gate)
        {
            _retiring.Remove(retired);
        }
    }
}
