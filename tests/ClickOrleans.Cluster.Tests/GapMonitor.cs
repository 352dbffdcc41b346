using System.Diagnostics;

namespace ClickOrleans.Cluster.Tests;

/// <summary>Looks at the stored offsets many times a second and keeps, for each partition, the longest time in which none moved.</summary>
public sealed class GapMonitor : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly SiloCluster _cluster;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<int, (long Offset, long Since)> _last = [];
    private readonly Dictionary<int, TimeSpan> _longest = [];
    private readonly Task _watching;

    public GapMonitor(SiloCluster cluster)
    {
        _cluster = cluster;
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>The longest gap of each partition since the watch began or was last asked; one that lasts counts as far as it got.</summary>
    public IReadOnlyDictionary<int, TimeSpan> Take()
    {
        lock (_lock)
        {
            var taken = new SortedDictionary<int, TimeSpan>(_longest);
            _longest.Clear();
            return taken;
        }
    }

    /// <summary>Waits until every partition has moved, or those named have, and returns how long each took.</summary>
    /// <exception cref="TimeoutException">One did not.</exception>
    public async Task<IReadOnlyDictionary<int, TimeSpan>> WaitForAllToMoveAsync(TimeSpan timeout, IReadOnlyCollection<int>? partitions = null)
    {
        var begun = Stopwatch.GetTimestamp();
        var from = (await _cluster.OffsetsAsync()).Where(offset => partitions?.Contains(offset.Key) ?? true).ToDictionary();
        var moved = new SortedDictionary<int, TimeSpan>();
        while (moved.Count < from.Count)
        {
            var elapsed = Stopwatch.GetElapsedTime(begun);
            if (elapsed > timeout)
            {
                throw new TimeoutException($"After {timeout} only {string.Join(' ', moved.Keys)} of {from.Count} partitions moved.{Environment.NewLine}{_cluster.Output()}");
            }

            foreach (var (partition, offset) in await _cluster.OffsetsAsync())
            {
                if (from.TryGetValue(partition, out var before) && offset > before)
                {
                    moved.TryAdd(partition, elapsed);
                }
            }

            await Task.Delay(Pause);
        }

        return moved;
    }

    public static string Show(IReadOnlyDictionary<int, TimeSpan> gaps) =>
        string.Join("  ", gaps.Select(gap => $"{gap.Key}: {gap.Value.TotalSeconds:0.0} s"));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
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

            await Task.Delay(Pause);
        }
    }
}
