using ClickOrleans.Pipeline.Log;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using LogMessage = ClickOrleans.Pipeline.Log.LogMessage;

namespace ClickOrleans.Kafka;

/// <summary>The click log as a Kafka topic, read with <c>read_committed</c>. Recovers from any outage by itself.</summary>
public sealed class KafkaClickLog : IClickLog
{
    /// <summary>The size of a topic's messages that is asked for where the topic is made: values of 1 MiB and their envelope.</summary>
    private const string LargestMessage = "2097152";

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How old an answer about the number of partitions may be.</summary>
    private static readonly TimeSpan PartitionsFresh = TimeSpan.FromSeconds(5);

    private readonly string _servers;
    private readonly KafkaOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IAdminClient _admin;
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
        _logger = logger;
        _consumer = KafkaProperties.ForConsumer(bootstrapServers, options);
        _admin = new AdminClientBuilder(KafkaProperties.ForAdmin(bootstrapServers, options))
            .SetLogHandler((_, line) => logger.Librdkafka((int)line.Level, line.Facility, line.Message))
            .Build();
        _topic = new(_admin, options.Topic);
        _appender = new(KafkaProperties.ForProducer(bootstrapServers, options), options.Topic, logger);
        _groupOffsets = new(_consumer, options.Topic, time, logger);
    }

    public string Description => $"Kafka topic {_options.Topic} at {_servers}";

    public string Topic => _options.Topic;

    public string MessagingSystem => KafkaAppender.System;

    public async Task<LogIdentity> OpenAsync(CancellationToken cancellationToken)
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
        var start = GetOffsetAsync(partition, OffsetSpec.Earliest());
        var end = GetOffsetAsync(partition, OffsetSpec.Latest());
        await Task.WhenAll(start, end).WaitAsync(cancellationToken);
        return new(await start, await end);
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
        await Task.Run(_admin.Dispose);
    }

    /// <returns>Whether the topic was made, by us or by another.</returns>
    private async Task<bool> MakeAsync(CancellationToken cancellationToken)
    {
        var specification = new TopicSpecification
        {
            Name = _options.Topic,
            NumPartitions = _options.Partitions,
            ReplicationFactor = _options.ReplicationFactor,
            Configs = new() { ["max.message.bytes"] = LargestMessage },
        };
        try
        {
            await _admin.CreateTopicsAsync([specification], new() { RequestTimeout = RequestTimeout, OperationTimeout = RequestTimeout })
                .WaitAsync(cancellationToken);
            _logger.TopicMade(_options.Topic, _options.Partitions);
            return true;
        }
        catch (CreateTopicsException e) when (e.Results is [{ Error.Code: ErrorCode.TopicAlreadyExists }])
        {
            // Another was faster, or the topic of this name is not gone yet: looking again tells.
            return false;
        }
    }

    private async Task<long> GetOffsetAsync(int partition, OffsetSpec which)
    {
        var asked = new TopicPartitionOffsetSpec { TopicPartition = new(_options.Topic, partition), OffsetSpec = which };
        var options = new ListOffsetsOptions { IsolationLevel = IsolationLevel.ReadCommitted, RequestTimeout = RequestTimeout };
        var answer = await _admin.ListOffsetsAsync([asked], options);
        var found = answer.ResultInfos[0].TopicPartitionOffsetError;
        return found.Error.IsError ? throw new KafkaException(found.Error) : found.Offset.Value;
    }
}
