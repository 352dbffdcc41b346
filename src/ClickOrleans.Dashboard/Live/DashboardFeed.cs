using ClickOrleans.Grains.Statistics;
using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.Status;
using ClickOrleans.Pipeline.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Dashboard.Live;

/// <summary>
/// Puts together once a second what every browser on this silo shows: from the status that is read anyway, and from the live statistics
/// grain, which hears the consumers' commits over the Orleans stream. The store is asked for more only while somebody looks.
/// </summary>
public sealed partial class DashboardFeed(
    IStatusFeed feed, IStoreInsight store, IGrainFactory grains, TimeProvider time, ILogger<DashboardFeed> logger) : BackgroundService
{
    /// <summary>Five minutes.</summary>
    private const int Kept = 300;

    /// <summary>Sums over the dead letters grow with them: reading may take a twentieth of the time, not more.</summary>
    private const int BalanceShare = 20;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _sampled = new(0);
    private readonly Queue<Sample> _samples = new(Kept);
    private readonly Lock _lock = new();
    private Action? _changed;
    private PipelineStatus? _last;
    private StoreBalance? _balance;
    private IReadOnlyList<long> _stored = [];
    private long _balanceDue;

    public DashboardSnapshot Now { get; private set; } = new(default, null, new Health(false, ["starting"]), Rates.None, Bottleneck.Of(null, []), null, [], []);

    public int Watchers => _changed?.GetInvocationList().Length ?? 0;

    /// <summary>Calls <paramref name="changed"/> after every change, on a thread of the board's: it must return at once.</summary>
    public IDisposable Watch(Action changed)
    {
        lock (_lock)
        {
            _changed += changed;
        }

        return new Watcher(this, changed);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        void OnSampled(object? sender, EventArgs e)
        {
            if (_sampled.CurrentCount == 0)
            {
                _sampled.Release();
            }
        }

        feed.Sampled += OnSampled;
        try
        {
            while (true)
            {
                await _sampled.WaitAsync(stoppingToken);
                try
                {
                    await RenewAsync(stoppingToken);
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    LogFault(fault.Message);
                }
            }
        }
        finally
        {
            feed.Sampled -= OnSampled;
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow().UtcDateTime;
        var status = feed.Status;
        if (status is not null && !ReferenceEquals(status, _last))
        {
            _last = status;
            if (_samples.Count == Kept)
            {
                _samples.Dequeue();
            }

            _samples.Enqueue(Sample.Of(at, status));
        }

        _stored = await AskAsync(async token => (await grains.GetGrain<ILiveStatisticsGrain>(0).GetAsync().WaitAsync(token)).Seconds, _stored, cancellationToken);
        if ((Watchers > 0 || _balance is null) && time.GetTimestamp() >= _balanceDue)
        {
            var begun = time.GetTimestamp();
            _balance = await AskAsync<StoreBalance?>(async token => await store.GetBalanceAsync(token), _balance, cancellationToken);
            _balanceDue = time.GetTimestamp() + ((time.GetTimestamp() - begun) * BalanceShare);
        }

        var samples = _samples.ToArray();
        Now = new DashboardSnapshot(at, status, feed.Health, Rates.Of(samples), Bottleneck.Of(status, feed.Ages), _balance, _stored, samples);
        Tell();
    }

    private void Tell()
    {
        foreach (var watcher in (_changed?.GetInvocationList() ?? []).Cast<Action>())
        {
            try
            {
                watcher();
            }
            catch (ObjectDisposedException)
            {
                // Its browser has just gone.
            }
        }
    }

    private async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, T otherwise, CancellationToken cancellationToken)
    {
        try
        {
            return await BoundedCall.RunAsync(ask, Timeout, time, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // An outage is told by the status itself; here the last numbers stay.
            return otherwise;
        }
    }

    [LoggerMessage(460, LogLevel.Warning, "The dashboard could not be renewed: {Reason}")]
    private partial void LogFault(string reason);

    private sealed class Watcher(DashboardFeed board, Action changed) : IDisposable
    {
        public void Dispose()
        {
            lock (board._lock)
            {
                board._changed -= changed;
            }
        }
    }
}
