using System.Diagnostics;
using ClickOrleans.Testing.Pipelines;
using Npgsql;

namespace ClickOrleans.EndToEnd.Tests;

/// <summary>Watches the stored offsets move, a few dozen times a second, and how long each stood still.</summary>
internal sealed class OffsetMonitor : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<int, (long Offset, long MovedAt)> _last = [];
    private readonly Dictionary<int, TimeSpan> _longest = [];
    private readonly NpgsqlConnection _connection;
    private readonly Task _watching;

    private OffsetMonitor(NpgsqlConnection connection)
    {
        _connection = connection;
        _watching = WatchAsync();
    }

    /// <summary>Of the pauses since <see cref="Begin"/> that have ended, of any partition.</summary>
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

    /// <summary>Counts from here.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            _longest.Clear();
            var now = Stopwatch.GetTimestamp();
            foreach (var partition in _last.Keys.ToList())
            {
                _last[partition] = _last[partition] with { MovedAt = now };
            }
        }
    }

    /// <summary>Waits until every partition is stored as far as said.</summary>
    public async Task WaitForAsync(IReadOnlyList<long> ends) =>
        await PipelineTestExtensions.WaitForAsync(
            () =>
            {
                lock (_lock)
                {
                    return Task.FromResult(
                        !_watching.IsCompleted && _last.Count == ends.Count && _last.All(partition => partition.Value.Offset >= ends[partition.Key]));
                }
            },
            () => $"Expected are at least {string.Join(", ", ends)}; stored is {string.Join(", ", _last.OrderBy(pair => pair.Key).Select(pair => pair.Value.Offset))}.");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        await _connection.DisposeAsync();
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Look, _stop.Token);
                await using var command = new NpgsqlCommand("select partition, next_offset from consumer_offsets", _connection);
                await using var reader = await command.ExecuteReaderAsync(_stop.Token);
                while (await reader.ReadAsync(_stop.Token))
                {
                    See(reader.GetInt32(0), reader.GetInt64(1));
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The end.
        }
    }

    private void See(int partition, long offset)
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
                var pause = Stopwatch.GetElapsedTime(last.MovedAt, now);
                _longest[partition] = pause > _longest.GetValueOrDefault(partition) ? pause : _longest[partition];
                _last[partition] = (offset, now);
            }
        }
    }
}
