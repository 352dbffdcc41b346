using ClickOrleans.Kafka.Native;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Log;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using LogMessage = ClickOrleans.Pipeline.Log.LogMessage;

namespace ClickOrleans.Kafka;

/// <summary>The click log as a Kafka topic, read with <c>read_committed</c>. Recovers from any outage by itself.</summary>
public sealed class KafkaClickLog : IClickLog, ILogProbe
{
    /// <summary>The largest message of a topic that we make: values of 1 MiB and their envelope.</summary>
    private const string LargestMessage = "2097152";

    /// <summary>Room for a message's key, headers and lengths.</summary>
    private const int Envelope = 1024;

    /// <summary>How old an answer about the number of partitions may be.</summary>
    private static readonly TimeSpan PartitionsFresh = TimeSpan.FromSeconds(5);

    private readonly string _servers;
    private readonly KafkaOptions _options;
    private readonly TimeProvider _time;
    private readonly ClientLog _logger;
    private readonly KafkaAdmin _admin;
    private readonly KafkaTopic _topic;
    private readonly KafkaAppender _appender;
    private readonly GroupOffsetReporter _groupOffsets;
    private readonly Dictionary<string, string> _consumer;
    private (long At, int Count)? _partitions;
    private int _disposed;

    public KafkaClickLog(string bootstrapServers, KafkaOptions options, TimeProvider time, ILogger<KafkaClickLog> logger)
    {
        _servers = bootstrapServers;
        _options = options;
        _time = time;
        _logger = new(logger, time);
        _consumer = KafkaProperties.ForConsumer(bootstrapServers, options);
        _admin = new(KafkaProperties.ForAdmin(bootstrapServers, options), time, _logger);
        _topic = new(_admin, options.Topic);
        _appender = new(KafkaProperties.ForProducer(bootstrapServers, options), options.Topic, _logger);
        _groupOffsets = new(_consumer, options.Topic, time, _logger);
    }

    public string Description => $"Kafka topic {_options.Topic} at {_servers}";

    public string Topic => _options.Topic;

    public string MessagingSystem => KafkaAppender.System;

    /// <exception cref="StartupException">The broker cannot do what the log needs, which waiting does not change.</exception>
    public async Task<LogIdentity> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await FindOrMakeAsync(cancellationToken);
        }
        catch (KafkaException exception) when (TopicState.IsUnsupported(exception))
        {
            throw new StartupException($"{Description} cannot be used: {exception.Error.Reason}", exception);
        }
    }

    /// <summary>What the producer sends at most: a message's envelope takes less than this leaves.</summary>
    public int LargestValue => KafkaProperties.LargestMessage(_options) - Envelope;

    public async Task<LogIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        var state = await _topic.AskAsync().WaitAsync(cancellationToken);
        return new(_options.Topic, state.TopicId ?? throw new LogMissingException(_options.Topic));
    }

    public async Task<int> GetPartitionCountAsync(CancellationToken cancellationToken)
    {
        if (_partitions is { } known && _time.GetElapsedTime(known.At) < PartitionsFresh)
        {
            return known.Count;
        }

        var asked = _time.GetTimestamp();
        var state = await _topic.AskAsync().WaitAsync(cancellationToken);
        if (state.TopicId is null)
        {
            throw new LogMissingException(_options.Topic);
        }

        _partitions = (asked, state.Partitions);
        return state.Partitions;
    }

    public async Task<OffsetRange> GetOffsetsAsync(int partition, CancellationToken cancellationToken)
    {
        var start = _admin.GetOffsetAsync(_options.Topic, partition, LibrdkafkaAdmin.Earliest, cancellationToken);
        var end = _admin.GetOffsetAsync(_options.Topic, partition, LibrdkafkaAdmin.Latest, cancellationToken);
        await Task.WhenAll(start, end);
        return new(await start, await end);
    }

    public async Task<long?> GetHighWatermarkAsync(int partition, CancellationToken cancellationToken) =>
        await _admin.GetHighWatermarkAsync(_options.Topic, partition, cancellationToken);

    public TimeSpan SinceLastAnswer => _admin.SinceLastAnswer;

    public async Task<IReadOnlyDictionary<int, long>> ProbeEndsAsync(
        IReadOnlyCollection<int> partitions, CancellationToken cancellationToken)
    {
        await using var admin = new KafkaAdmin(KafkaProperties.ForAdmin(_servers, _options), _time, _logger);
        var topic = await admin.DescribeAsync(_options.Topic, cancellationToken);
        if (topic.TopicId is null)
        {
            throw new LogMissingException(_options.Topic);
        }

        var ends = await Task.WhenAll(partitions.Select(
            partition => admin.GetOffsetAsync(_options.Topic, partition, LibrdkafkaAdmin.Latest, cancellationToken)));
        return partitions.Zip(ends).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    public Task AppendAsync(IReadOnlyList<LogMessage> messages, CancellationToken cancellationToken) =>
        _appender.AppendAsync(messages, cancellationToken);

    public ILogReader OpenReader(LogIdentity identity, int partition, long offset) =>
        new KafkaLogReader(identity, partition, offset, _topic, _consumer, GetOffsetsAsync, _groupOffsets, _time, _logger);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await _groupOffsets.DisposeAsync();

        // Closing waits for what is on its way and for librdkafka's threads.
        await Task.Run(_appender.Dispose);
        await _admin.DisposeAsync();
    }

    private async Task<LogIdentity> FindOrMakeAsync(CancellationToken cancellationToken)
    {
        var made = false;
        while (true)
        {
            var state = await _topic.AskAsync().WaitAsync(cancellationToken);
            if (state.TopicId is { } id)
            {
                _partitions = (_time.GetTimestamp(), state.Partitions);
                return new(_options.Topic, id);
            }

            if (!made)
            {
                made = await MakeAsync(cancellationToken);
            }

            // Until the brokers have heard of it, or have forgotten the one before it.
            await Task.Delay(TimeSpan.FromMilliseconds(50), _time, cancellationToken);
        }
    }

    /// <returns>Whether the topic was made; if not, another was faster, or a deleted one of this name is not gone yet.</returns>
    private async Task<bool> MakeAsync(CancellationToken cancellationToken)
    {
        var configuration = new Dictionary<string, string> { ["max.message.bytes"] = LargestMessage };
        var made = await _admin.CreateAsync(_options, configuration, cancellationToken);
        if (made)
        {
            _logger.TopicMade(_options.Topic, _options.Partitions);
        }

        return made;
    }
}
