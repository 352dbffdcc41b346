using System.Diagnostics;
using ClickOrleans.Testing;
using ClickOrleans.Testing.Pipelines;
using Npgsql;

namespace ClickOrleans.EndToEnd.Tests;

/// <summary>Samples the stored offsets and measures how long each partition made no progress.</summary>
internal sealed class OffsetMonitor : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<int, (long Offset, long AdvancedAt)> _last = [];
    private readonly Dictionary<int, TimeSpan> _longest = [];
    private readonly NpgsqlConnection _connection;
    private readonly Task _sampling;

    private OffsetMonitor(NpgsqlConnection connection)
    {
        _connection = connection;
        _sampling = SampleAsync();
    }

    /// <summary>The longest pause of any partition that has ended since <see cref="Reset"/>.</summary>
    public TimeSpan LongestPause
    {
        get
        {
            lock (_lock)
            {
                return _longest.Values.DefaultIfEmpty().Max();
            }
        }
    }

    public static async Task<OffsetMonitor> StartAsync(ServerPipeline pipeline) => new(await pipeline.Database.ConnectAsync());

    /// <summary>Starts a new measurement.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _longest.Clear();
            var now = Stopwatch.GetTimestamp();
            foreach (var partition in _last.Keys.ToList())
            {
                _last[partition] = _last[partition] with { AdvancedAt = now };
            }
        }
    }

    /// <summary>Waits until every partition is stored up to the given offset.</summary>
    public async Task WaitForOffsetsAsync(IReadOnlyList<long> ends) =>
        await Poll.UntilAsync(
            () =>
            {
                lock (_lock)
                {
                    return !_sampling.IsCompleted
                        && _last.Count == ends.Count
                        && _last.All(partition => partition.Value.Offset >= ends[partition.Key]);
                }
            },
            () => $"Expected at least {string.Join(", ", ends)}; stored {Offsets()}.");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sampling;
        await _connection.DisposeAsync();
        _stop.Dispose();
    }

    private async Task SampleAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(Interval);
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await using var command = new NpgsqlCommand("select partition, next_offset from consumer_offsets", _connection);
                await using var reader = await command.ExecuteReaderAsync(_stop.Token);
                while (await reader.ReadAsync(_stop.Token))
                {
                    Record(reader.GetInt32(0), reader.GetInt64(1));
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private string Offsets()
    {
        lock (_lock)
        {
            return string.Join(", ", _last.OrderBy(pair => pair.Key).Select(pair => pair.Value.Offset));
        }
    }

    private void Record(int partition, long offset)
    {
        lock (_lock)
        {
            var now = Stopwatch.GetTimestamp();
            if (!_last.TryGetValue(partition, out var last))
            {
                _last[partition] = (offset, now);
            }
            else if (last.Offset != offset)
            {
                var pause = Stopwatch.GetElapsedTime(last.AdvancedAt, now);
                _longest[partition] = pause > _longest.GetValueOrDefault(partition) ? pause : _longest[partition];
                _last[partition] = (offset, now);
            }
        }
    }
}
