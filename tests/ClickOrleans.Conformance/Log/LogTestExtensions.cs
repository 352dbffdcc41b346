using System.Diagnostics;
using System.Text;
using ClickOrleans.Pipeline.Log;
using Xunit;

namespace ClickOrleans.Conformance.Log;

public static class LogTestExtensions
{
    /// <summary>How long a test waits for what must come; reaching it is a failure.</summary>
    public static readonly TimeSpan TestTimeout = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(200);

    public static LogMessage Message(string? key, string value) =>
        new(key is null ? (byte[]?)null : Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value));

    public static Task AppendAsync(this IClickLog log, params LogMessage[] messages) =>
        log.AppendAsync(messages, TestContext.Current.CancellationToken);

    public static Task<LogIdentity> OpenAsync(this IClickLog log) => log.OpenAsync(TestContext.Current.CancellationToken);

    public static Task<OffsetRange> GetOffsetsAsync(this IClickLog log, int partition) =>
        log.GetOffsetsAsync(partition, TestContext.Current.CancellationToken);

    public static ValueTask ReadAsync(this ILogReader reader, IMessageVisitor visitor) =>
        reader.ReadAsync(visitor, Wait, TestContext.Current.CancellationToken);

    /// <summary>Reads until so many messages were collected in all, or fails.</summary>
    public static Task ReadUntilAsync(this ILogReader reader, MessageCollector collector, int count) =>
        reader.ReadUntilAsync(collector, () => collector.Messages.Count >= count, $"{count} messages");

    /// <param name="visitor">Who reads in the collector's place.</param>
    public static async Task ReadUntilAsync(
        this ILogReader reader, MessageCollector collector, Func<bool> condition, string what, IMessageVisitor? visitor = null)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(
                waited.Elapsed < TestTimeout,
                $"Waited in vain for {what}; at {reader.Position}, {collector.Messages.Count} messages came.");
            await reader.ReadAsync(visitor ?? collector);
        }
    }

    /// <summary>Reads until the exception comes, or fails.</summary>
    public static async Task<T> ReadUntilThrownAsync<T>(this ILogReader reader, IMessageVisitor visitor)
        where T : Exception
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < TestTimeout)
        {
            if (await Record.ExceptionAsync(async () => await reader.ReadAsync(visitor)) is { } thrown)
            {
                return Assert.IsType<T>(thrown);
            }
        }

        throw new TimeoutException($"Waited in vain for a {typeof(T).Name}; at {reader.Position}.");
    }

    /// <summary>Everything that the partition holds now.</summary>
    public static async Task<IReadOnlyList<CollectedMessage>> ReadAllAsync(this IClickLog log, int partition)
    {
        var identity = await log.OpenAsync();
        var offsets = await log.GetOffsetsAsync(partition);
        var collector = new MessageCollector();
        await using var reader = log.OpenReader(identity, partition, offsets.Start);
        await reader.ReadUntilAsync(
            collector, () => reader.Position >= offsets.End, $"the end of partition {partition}, {offsets.End}");
        return collector.Messages;
    }
}
