using System.Collections.Concurrent;
using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Silo.Status;

/// <param name="AsOf">When the log told them.</param>
/// <param name="HighWatermark">
/// The offset behind the last message, those of open transactions included; up to 5 s older. Null where the log has none.
/// </param>
/// <param name="IsStale">Whether it did not tell them when it was asked last.</param>
public readonly record struct LogEnd(OffsetRange Offsets, DateTime AsOf, bool IsStale, long? HighWatermark = null);

/// <summary>
/// The offsets that the log's partitions hold. Each partition is asked on its own: one whose leader is away does not hide the
/// others, and what it held last is not passed off as what it holds now.
/// </summary>
public sealed class LogEnds(IClickLog log, TimeProvider time)
{
    /// <summary>A third question for each partition, and not asked each time.</summary>
    private static readonly TimeSpan WatermarkFresh = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<int, (long At, long? Offset)> _watermarks = new();

    public IReadOnlyList<LogEnd> Known { get; private set; } = [];

    /// <summary>Whether the log has told the offsets of every partition when it was asked last.</summary>
    public bool AreFresh { get; private set; }

    /// <summary>What is known stays, and is stale.</summary>
    public void MarkStale()
    {
        AreFresh = false;
        Known = [.. Known.Select(end => end with { IsStale = true })];
    }

    /// <param name="timeout">How long a partition's answer may take.</param>
    /// <returns>Why partitions could not be asked, each reason once.</returns>
    public async Task<IReadOnlyList<string>> ReadAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        MarkStale();
        using var limit = new CancellationTokenSource(timeout, time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var count = await log.GetPartitionCountAsync(limited.Token).WaitAsync(limited.Token);
            var known = Known;
            var ends = await Task.WhenAll(Enumerable.Range(0, count)
                .Select(partition => ReadAsync(partition, known.ElementAtOrDefault(partition), limited.Token)));
            Known = [.. ends.Select(end => end.End)];
            AreFresh = ends.All(end => end.Fault is null);
            return [.. ends.Where(end => end.Fault is not null).Select(end => end.Fault!).Distinct()];
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return [Text(exception)];
        }
    }

    private async Task<(LogEnd End, string? Fault)> ReadAsync(int partition, LogEnd known, CancellationToken cancellationToken)
    {
        try
        {
            var offsets = await log.GetOffsetsAsync(partition, cancellationToken).WaitAsync(cancellationToken);
            var watermark = await HighWatermarkAsync(partition, cancellationToken).WaitAsync(cancellationToken);
            return (new(offsets, time.GetUtcNow().UtcDateTime, IsStale: false, watermark), null);
        }
        catch (Exception exception)
        {
            return (known with { IsStale = true }, Text(exception));
        }
    }

    private async Task<long?> HighWatermarkAsync(int partition, CancellationToken cancellationToken)
    {
        if (_watermarks.TryGetValue(partition, out var known) && time.GetElapsedTime(known.At) < WatermarkFresh)
        {
            return known.Offset;
        }

        var offset = await log.GetHighWatermarkAsync(partition, cancellationToken);
        _watermarks[partition] = (time.GetTimestamp(), offset);
        return offset;
    }

    private static string Text(Exception fault) => fault is OperationCanceledException ? "no answer in time" : fault.Message;
}
