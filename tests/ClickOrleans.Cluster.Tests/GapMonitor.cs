using System.Diagnostics;
using ClickOrleans.Testing;

namespace ClickOrleans.Cluster.Tests;

/// <summary>Samples the stored offsets and records, per partition, the longest time without progress.</summary>
public sealed class GapMonitor : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly SiloCluster _cluster;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<int, (long Offset, long Since)> _last = [];
    private readonly Dictionary<int, TimeSpan> _longest = [];
    private readonly Task _sampling;

    public GapMonitor(SiloCluster cluster)
    {
        _cluster = cluster;
        _sampling = Task.Run(SampleAsync);
    }

    /// <summary>The longest gap of each partition since the start or the last call, including a gap that has not ended.</summary>
    public IReadOnlyDictionary<int, TimeSpan> TakeLongestGaps()
    {
        lock (_lock)
        {
            var taken = new SortedDictionary<int, TimeSpan>(_longest);
            _longest.Clear();
            return taken;
        }
    }

    /// <summary>Waits until every partition, or each of the given ones, has advanced; returns how long each took.</summary>
    /// <exception cref="TimeoutException">A partition has not advanced.</exception>
    public async Task<IReadOnlyDictionary<int, TimeSpan>> WaitUntilAllAdvanceAsync(
        TimeSpan timeout, IReadOnlyCollection<int>? partitions = null)
    {
        var begun = Stopwatch.GetTimestamp();
        var from = (await _cluster.OffsetsAsync()).Where(offset => partitions?.Contains(offset.Key) ?? true).ToDictionary();
        var advanced = new SortedDictionary<int, TimeSpan>();
        await Poll.UntilAsync(
            async () =>
            {
                var elapsed = Stopwatch.GetElapsedTime(begun);
                foreach (var (partition, offset) in await _cluster.OffsetsAsync())
                {
                    if (from.TryGetValue(partition, out var before) && offset > before)
                    {
                        advanced.TryAdd(partition, elapsed);
                    }
                }

                return advanced.Count == from.Count;
            },
            () => $"Advanced: {string.Join(' ', advanced.Keys)} of {from.Count}.{Environment.NewLine}{_cluster.Output()}",
            timeout,
            Interval);
        return advanced;
    }

    public static string Format(IReadOnlyDictionary<int, TimeSpan> gaps) =>
        string.Join("  ", gaps.Select(gap => $"{gap.Key}: {gap.Value.TotalSeconds:0.0} s"));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sampling;
        _stop.Dispose();
    }

    private async Task SampleAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        do
        {
            var offsets = await _cluster.OffsetsAsync();
            var now = Stopwatch.GetTimestamp();
            lock (_lock)
            {
                foreach (var (partition, offset) in offsets)
                {
                    var last = _last.GetValueOrDefault(partition, (Offset: offset, Since: now));
                    var gap = Stopwatch.GetElapsedTime(last.Since, now);
                    if (gap > _longest.GetValueOrDefault(partition))
                    {
                        _longest[partition] = gap;
                    }

                    _last[partition] = offset == last.Offset ? last : (offset, now);
                }
            }
        }
        while (!_stop.IsCancellationRequested && await timer.WaitForNextTickAsync());
    }
}
