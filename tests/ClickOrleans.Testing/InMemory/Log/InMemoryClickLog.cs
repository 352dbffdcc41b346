using System.Diagnostics;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Telemetry;

namespace ClickOrleans.Testing.InMemory.Log;

/// <summary>A client of an <see cref="InMemoryTopic"/>. It starts no thread: waits go through <paramref name="time"/>.</summary>
public sealed class InMemoryClickLog(InMemoryTopic topic, TimeProvider time) : IClickLog
{
    public InMemoryClickLog(int partitions, TimeProvider time)
        : this(new InMemoryTopic("clickstream", partitions), time)
    {
    }

    public string Description => $"in-memory log {topic.Name}";

    public string MessagingSystem => "memory";

    /// <summary>The log's name.</summary>
    public string Topic => topic.Name;

    public Task<LogIdentity> OpenAsync(CancellationToken cancellationToken) => CallAsync(topic.Open, cancellationToken);

    public Task<LogIdentity> IdentifyAsync(CancellationToken cancellationToken) =>
        CallAsync(() => topic.Identity ?? throw new LogMissingException(topic.Name), cancellationToken);

    public Task<int> GetPartitionCountAsync(CancellationToken cancellationToken) =>
        CallAsync(() => topic.PartitionCount, cancellationToken);

    public Task<OffsetRange> GetOffsetsAsync(int partition, CancellationToken cancellationToken) =>
        CallAsync(() => topic.Offsets(partition), cancellationToken);

    public Task<long?> GetHighWatermarkAsync(int partition, CancellationToken cancellationToken) => CallAsync<long?>(
        () => topic.Unstable > 0 ? topic.Offsets(partition).End + topic.Unstable : null, cancellationToken);

    public Task AppendAsync(IReadOnlyList<LogMessage> messages, CancellationToken cancellationToken) => CallAsync(
        () =>
        {
            if (messages.Count == 0)
            {
                return true;
            }

            using var span = ClickSpans.StartPublish(MessagingSystem, topic.Name, messages.Count);
            try
            {
                TraceContext.TryRead(TraceContext.ParentOf(span), span?.TraceStateString, out ActivityContext origin);
                topic.Append(messages, time.GetUtcNow().UtcDateTime, origin);
                return true;
            }
            catch (Exception exception)
            {
                span.Fail(exception);
                throw;
            }
        },
        cancellationToken);

    public ILogReader OpenReader(LogIdentity identity, int partition, long offset) =>
        new InMemoryLogReader(topic, identity, partition, offset, time);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static Task<T> CallAsync<T>(Func<T> call, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        try
        {
            return Task.FromResult(call());
        }
        catch (Exception exception)
        {
            return Task.FromException<T>(exception);
        }
    }
}
