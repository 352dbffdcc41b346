using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Log;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using LogMessage = ClickOrleans.Pipeline.Log.LogMessage;

namespace ClickOrleans.Kafka;

/// <summary>The click log as a Kafka topic, read with <c>read_committed</c>. Recovers from any outage by itself.</summary>
public sealed class KafkaClickLog : IClickLog, ILogProbe
{
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
    private readonly OffsetLookups _offsets;
    private readonly TopicOpener _opener;
    private readonly KafkaConsumers _consumers;
    private (long At, int Count)? _partitions;
    private int _disposed;

    public KafkaClickLog(string bootstrapServers, KafkaOptions options, TimeProvider time, ILogger<KafkaClickLog> logger)
    {
        _servers = bootstrapServers;
        _options = options;
        _time = time;
        _logger = new(logger, time);
        _admin = new(KafkaProperties.ForAdmin(bootstrapServers, options), time, _logger);
        _topic = new(_admin, options.Topic, time);
        _offsets = new(_admin, _topic, time);
        _opener = new(options, _topic, _admin, _offsets, time, _logger);
        _appender = new(KafkaProperties.ForProducer(bootstrapServers, options), options.Topic, _logger);
        _consumers = new(
            () => KafkaProperties.ForConsumer(bootstrapServers, options, _topic.Latest.Partitions), _offsets, time, _logger);
        _groupOffsets = new(_consumers, time, _logger);
    }

    public string Description => $"Kafka topic {_options.Topic} at {_servers}";

    public string Topic => _options.Topic;

    public string MessagingSystem => KafkaAppender.System;

    /// <exception cref="StartupException">The broker cannot do what the log needs, which waiting does not change.</exception>
    public async Task<LogIdentity> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (id, partitions) = await _opener.OpenAsync(cancellationToken);
            _partitions = (_time.GetTimestamp(), partitions);
            return new(_options.Topic, id);
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

    public Task<OffsetRange> GetOffsetsAsync(int partition, CancellationToken cancellationToken) =>
        _offsets.AskAsync(partition).WaitAsync(cancellationToken);

    public async Task<long?> GetHighWatermarkAsync(int partition, CancellationToken cancellationToken) =>
        await _offsets.AskHighWatermarkAsync(partition).WaitAsync(cancellationToken);

    public TimeSpan SinceLastAnswer => _admin.SinceLastAnswer;

    public async Task<IReadOnlyDictionary<int, long>> ProbeEndsAsync(
        IReadOnlyCollection<int> partitions, CancellationToken cancellationToken)
    {
        await using var admin = new KafkaAdmin(KafkaProperties.ForAdmin(_servers, _options), _time, _logger);
        var topic = new KafkaTopic(admin, _options.Topic, _time);
        if ((await topic.AskAsync().WaitAsync(cancellationToken)).TopicId is null)
        {
            throw new LogMissingException(_options.Topic);
        }

        var lookups = new OffsetLookups(admin, topic, _time);
        var ends = await Task.WhenAll(partitions.Select(lookups.AskAsync)).WaitAsync(cancellationToken);
        return partitions.Zip(ends).ToDictionary(pair => pair.First, pair => pair.Second.End);
    }

    public Task AppendAsync(IReadOnlyList<LogMessage> messages, CancellationToken cancellationToken) =>
        _appender.AppendAsync(messages, cancellationToken);

    public ILogReader OpenReader(LogIdentity identity, int partition, long offset) =>
        OpenReader(identity, partition, offset, takesTurns: true);

    public ILogReader OpenBriefReader(LogIdentity identity, int partition, long offset) =>
        OpenReader(identity, partition, offset, takesTurns: false);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await _groupOffsets.DisposeAsync();
        await _consumers.DisposeAsync();

        // Closing waits for what is on its way and for librdkafka's threads.
        await Task.Run(_appender.Dispose);
        await _admin.DisposeAsync();
    }

    private KafkaLogReader OpenReader(LogIdentity identity, int partition, long offset, bool takesTurns)
    {
        var feed = new PartitionFeed(_consumers, identity, partition, takesTurns, _time);
        return new(identity, partition, offset, _topic, feed, GetOffsetsAsync, _groupOffsets, _time);
    }
}
