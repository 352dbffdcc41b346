namespace ClickOrleans.Pipeline.Log;

/// <summary>
/// The click log: partitioned, append-only, addressed by offset, surviving a kill. Safe for use by many threads.
/// </summary>
public interface IClickLog : IAsyncDisposable
{
    /// <summary>
    /// What it is and where, without secrets, for the line at start: <c>Kafka topic clickstream at host:port</c>.
    /// </summary>
    string Description { get; }

    /// <summary>The log's name.</summary>
    string Topic { get; }

    /// <summary>What kind of log it is, as <c>messaging.system</c> names it.</summary>
    string MessagingSystem => "other";

    /// <summary>The most bytes of a message's value that it takes.</summary>
    int LargestValue => 512 * 1024 * 1024;

    /// <summary>Makes the log if it is missing and returns its identity as of now.</summary>
    Task<LogIdentity> OpenAsync(CancellationToken cancellationToken);

    /// <summary>The identity of the log as of now; unlike <see cref="OpenAsync"/> it never makes one.</summary>
    /// <exception cref="LogMissingException">There is no log of this name.</exception>
    Task<LogIdentity> IdentifyAsync(CancellationToken cancellationToken);

    /// <summary>The number of partitions now; it can grow at run time.</summary>
    Task<int> GetPartitionCountAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The offsets a partition holds: from its earliest message to where the next will be (the last stable offset).
    /// </summary>
    Task<OffsetRange> GetOffsetsAsync(int partition, CancellationToken cancellationToken);

    /// <summary>
    /// The offset behind a partition's last message, which may lie behind the last stable offset: what is between waits for a
    /// producer's transaction to end, and cannot be read before.
    /// </summary>
    /// <returns>Null where the log has no transactions.</returns>
    Task<long?> GetHighWatermarkAsync(int partition, CancellationToken cancellationToken) => Task.FromResult<long?>(null);

    /// <summary>
    /// Appends the messages; when it returns they survive a kill (Kafka: acks=all). Order is kept within a partition.
    /// </summary>
    /// <remarks>Once it has returned, the log does not look at the messages' memory any more; after a failure it may.</remarks>
    /// <exception cref="LogAppendException">Some were not acknowledged: they may or may not be in the log.</exception>
    Task AppendAsync(IReadOnlyList<LogMessage> messages, CancellationToken cancellationToken);

    /// <summary>
    /// Opens a reader of <paramref name="partition"/> of the log with this identity at <paramref name="offset"/>.
    /// </summary>
    ILogReader OpenReader(LogIdentity identity, int partition, long offset);

    /// <summary>
    /// Opens a reader of few messages, for a second look: it never waits for readers that have a backlog, which may wait for it.
    /// </summary>
    ILogReader OpenBriefReader(LogIdentity identity, int partition, long offset) => OpenReader(identity, partition, offset);
}
