using ClickOrleans.Grains.Statistics;
using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.Status;
using ClickOrleans.Pipeline.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Dashboard.Live;

/// <summary>
/// Builds one snapshot a second for all browsers connected to this silo, from the sampled status and the live statistics grain,
/// which receives the consumers' commits over the Orleans stream. The store is queried only while there are subscribers.
/// </summary>
public sealed class DashboardFeed(
    IStatusFeed feed,
    IStoreInsight store,
    IGrainFactory grains,
    TimeProvider time,
    ILogger<DashboardFeed> logger) : BackgroundService
{
    /// <summary>Five minutes.</summary>
    private const int MaxSamples = 300;

    /// <summary>Sums over the dead letters grow with them: the query may take a twentieth of the time at most.</summary>
    private const int BalanceInterval = 20;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _sampled = new(0);
    private readonly Queue<Sample> _samples = new(MaxSamples);
    private readonly Lock _lock = new();
    private Action? _changed;
    private PipelineStatus? _last;
    private StoreBalance? _balance;
    private IReadOnlyList<long> _stored = [];
    private long _balanceDue;

    public DashboardSnapshot Now { get; private set; } = DashboardSnapshot.Initial;

    public int Subscribers => _changed?.GetInvocationList().Length ?? 0;

    /// <summary>Calls <paramref name="changed"/> after every refresh, on the feed's thread: it must not block.</summary>
    /// <returns>Disposing it ends the subscription.</returns>
    public IDisposable Subscribe(Action changed)
    {
        lock (_lock)
        {
            _changed += changed;
        }

        return new Subscription(this, changed);
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
                    await RefreshAsync(stoppingToken);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    logger.SnapshotRefreshFailed(exception.Message);
                }
            }
        }
        finally
        {
            feed.Sampled -= OnSampled;
        }
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow().UtcDateTime;
        var status = feed.Status;
        if (status is not null && !ReferenceEquals(status, _last))
        {
            _last = status;
            if (_samples.Count == MaxSamples)
            {
                _samples.Dequeue();
            }

            _samples.Enqueue(Sample.Of(at, status));
        }

        _stored = await QueryAsync(
            async token => (await grains.GetGrain<ILiveStatisticsGrain>(0).GetAsync().WaitAsync(token)).Seconds,
            _stored,
            cancellationToken);
        if ((Subscribers > 0 || _balance is null) && time.GetTimestamp() >= _balanceDue)
        {
            var begun = time.GetTimestamp();
            _balance = await QueryAsync<StoreBalance?>(
                async token => await store.GetBalanceAsync(token), _balance, cancellationToken);
            _balanceDue = time.GetTimestamp() + ((time.GetTimestamp() - begun) * BalanceInterval);
        }

        var samples = _samples.ToArray();
        Now = new DashboardSnapshot(
            at, status, feed.Health, Rates.Of(samples), Bottleneck.Of(status, feed.Ages), _balance, _stored, samples);
        Notify();
    }

    private void Notify()
    {
        foreach (var subscriber in (_changed?.GetInvocationList() ?? []).Cast<Action>())
        {
            try
            {
                subscriber();
            }
            catch (ObjectDisposedException)
            {
                // The browser has disconnected.
            }
        }
    }

    private async Task<T> QueryAsync<T>(Func<CancellationToken, Task<T>> query, T fallback, CancellationToken cancellationToken)
    {
        try
        {
            return await BoundedCall.RunAsync(query, Timeout, time, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The status reports the outage; the snapshot keeps the last values.
            return fallback;
        }
    }

    private sealed class Subscription(DashboardFeed feed, Action changed) : IDisposable
    {
        public void Dispose()
        {
            lock (feed._lock)
            {
                feed._changed -= changed;
            }
        }
    }
}
