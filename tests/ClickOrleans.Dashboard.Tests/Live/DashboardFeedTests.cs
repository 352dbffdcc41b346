using ClickOrleans.Dashboard.Live;
using ClickOrleans.Grains.Statistics;
using ClickOrleans.Pipeline.Status;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;

namespace ClickOrleans.Dashboard.Tests.Live;

public sealed class DashboardFeedTests : IAsyncLifetime
{
    private static readonly StoreBalance Balance = new(1000, 990, 10, 0, 0);

    private readonly IStatusFeed _feed = Substitute.For<IStatusFeed>();
    private readonly IStoreInsight _store = Substitute.For<IStoreInsight>();
    private readonly IGrainFactory _grains = Substitute.For<IGrainFactory>();
    private readonly DashboardFeed _dashboard;

    public DashboardFeedTests()
    {
        _store.GetBalanceAsync(default).ReturnsForAnyArgs(Balance);
        _feed.Status.Returns(_ => Samples.Status());
        _feed.Health.Returns(new Health(true, []));
        _feed.Ages.Returns([]);
        var statistics = Substitute.For<ILiveStatisticsGrain>();
        statistics.GetAsync().Returns(new LiveStatistics(5, 0, [1, 2, 3]));
        _grains.GetGrain<ILiveStatisticsGrain>(0).Returns(statistics);
        _dashboard = new DashboardFeed(_feed, _store, _grains, TimeProvider.System, NullLogger<DashboardFeed>.Instance);
    }

    public async ValueTask InitializeAsync() => await _dashboard.StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _dashboard.StopAsync(CancellationToken.None);
        _dashboard.Dispose();
    }

    [Fact]
    public async Task Twenty_subscribers_share_one_snapshot()
    {
        var seen = new List<DashboardSnapshot>();
        var subscriptions = Enumerable.Range(0, 20).Select(_ => _dashboard.Subscribe(() =>
        {
            lock (seen)
            {
                seen.Add(_dashboard.Now);
            }
        })).ToList();

        await SampleUntilAsync(() => Count() >= 20);

        Assert.Single(seen.Take(20).Distinct(ReferenceEqualityComparer.Instance));
        Assert.Equal(Balance, seen[0].Balance);
        Assert.Equal([1, 2, 3], seen[0].StoredBySecond);
        subscriptions.ForEach(subscription => subscription.Dispose());
        Assert.Equal(0, _dashboard.Subscribers);

        int Count()
        {
            lock (seen)
            {
                return seen.Count;
            }
        }
    }

    [Fact]
    public async Task Without_subscribers_the_store_is_queried_only_once()
    {
        await SampleUntilAsync(() => _dashboard.Now.Samples.Count >= 5);

        Assert.Single(_store.ReceivedCalls());
    }

    [Fact]
    public async Task An_outage_keeps_the_last_values_and_reports_the_reason()
    {
        using var subscription = _dashboard.Subscribe(() => { });
        await SampleUntilAsync(() => _dashboard.Now.Balance is not null);
        _store.GetBalanceAsync(default).ReturnsForAnyArgs(Task.FromException<StoreBalance>(new IOException("gone")));
        _feed.Health.Returns(new Health(false, ["store: gone"]));

        await SampleUntilAsync(() => !_dashboard.Now.Health.IsReady);

        Assert.Equal(Balance, _dashboard.Now.Balance);
        Assert.Equal(["store: gone"], _dashboard.Now.Health.Reasons);
    }

    [Fact]
    public async Task A_disconnected_subscriber_does_not_affect_the_others()
    {
        using var disconnected = _dashboard.Subscribe(() => throw new ObjectDisposedException("renderer"));
        var seen = 0;
        using var subscription = _dashboard.Subscribe(() => Interlocked.Increment(ref seen));

        await SampleUntilAsync(() => Volatile.Read(ref seen) >= 2);
    }

    private async Task SampleUntilAsync(Func<bool> expected)
    {
        await Poll.UntilAsync(
            () =>
            {
                _feed.Sampled += Raise.Event<EventHandler>(_feed, EventArgs.Empty);
                return expected();
            },
            timeout: TimeSpan.FromSeconds(20),
            interval: TimeSpan.FromMilliseconds(10));
    }
}
