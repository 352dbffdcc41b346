using System.Collections.Concurrent;
using ClickOrleans.Conformance.Log;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Testing.InMemory.Log;

namespace ClickOrleans.Pipeline.Tests.InMemory;

/// <summary>The in-memory log keeps the promises of a click log.</summary>
public sealed class InMemoryLogTests : LogConformance
{
    private readonly ConcurrentDictionary<IClickLog, InMemoryTopic> _topics = new();

    protected override IClickLog NewLog(int partitions) => Open(new InMemoryTopic("clickstream", partitions));

    protected override IClickLog OpenAgain(IClickLog log) => Open(_topics[log]);

    protected override Task TruncateAsync(IClickLog log, int partition, long offset)
    {
        _topics[log].Truncate(partition, offset);
        return Task.CompletedTask;
    }

    protected override Task AppendTombstoneAsync(IClickLog log, int partition, string key)
    {
        _topics[log].AppendTombstone(partition, System.Text.Encoding.UTF8.GetBytes(key), DateTime.UtcNow);
        return Task.CompletedTask;
    }

    private InMemoryClickLog Open(InMemoryTopic topic)
    {
        var log = new InMemoryClickLog(topic, TimeProvider.System);
        _topics[log] = topic;
        return log;
    }
}
