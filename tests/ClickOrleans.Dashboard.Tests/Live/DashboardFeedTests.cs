using ClickOrleans.Dashboard.Live;
using ClickOrleans.Grains.Statistics;
using ClickOrleans.Pipeline.Status;
using ClickOrleans.Pipeline.Store;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;

namespace ClickOrleans.Dashboard.Tests.Live;

public sealed class DashboardFeedTests : IAsyncLifetime
{
    private static readonly StoreBalance Balance = new(1000, 990, 10, 0, 0);

    private readonly IStatusFeed _feed = Substitute.For<IStatusFeed>();
    private readonly IStoreInsight _store = Substitute.For<IStoreInsight>();
    private readonly IGrainFactory _grains = Substitute.For<IGrainFactory>();
    private readonly DashboardFeed _board;

    public DashboardFeedTests()
    {
        _store.GetBalanceAsync(default).ReturnsForAnyArgs(Balance);
        _feed.Status.Returns(_ => Samples.Status());
        _feed.Health.Returns(new Health(true, []));
        _feed.Ages.Returns([]);
        var statistics = Substitute.For<ILiveStatisticsGrain>();
        statistics.GetAsync().Returns(new LiveStatistics(5, 0, [1, 2, 3]));
        _grains.GetGrain<ILiveStatisticsGrain>(0).Returns(statistics);
        _board = new DashboardFeed(_feed, _store, _grains, TimeProvider.System, NullLogger<DashboardFeed>.Instance);
    }

    public async ValueTask InitializeAsync() => await _board.StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _board.StopAsync(CancellationToken.None);
        _board.Dispose();
    }

    [Fact]
    public async Task Twenty_watchers_read_one_and_the_same_moment()
    {
        var seen = new List<DashboardSnapshot>();
        var watches = Enumerable.Range(0, 20).Select(_ => _board.Watch(() =>
        {
            lock (seen)
            {
                seen.Add(_board.Now);
            }
        })).ToList();

        await SampleUntilAsync(() => Count() >= 20);

        Assert.Single(seen.Take(20).Distinct(ReferenceEqualityComparer.Instance));
        Assert.Equal(Balance, seen[0].Balance);
        Assert.Equal([1, 2, 3], seen[0].StoredBySecond);
        watches.ForEach(watch => watch.Dispose());
        Assert.Equal(0, _board.Watchers);

        int Count()
        {
            lock (seen)
            {
                return seen.Count;
            }
        }
    }

    [Fact]
    public async Task The_store_is_asked_for_no_more_than_the_first_sums_while_nobody_looks()
    {
        await SampleUntilAsync(() => _board.Now.Samples.Count >= 5);

        Assert.Single(_store.ReceivedCalls());
    }

    [Fact]
    public async Task An_outage_leaves_the_last_numbers_and_says_what_is_wrong()
    {
        using var watch = _board.Watch(() => { });
        await SampleUntilAsync(() => _board.Now.Balance is not null);
        _store.GetBalanceAsync(default).ReturnsForAnyArgs(Task.FromException<StoreBalance>(new IOException("gone")));
        _feed.Health.Returns(new Health(false, ["store: gone"]));

        await SampleUntilAsync(() => !_board.Now.Health.IsReady);

        Assert.Equal(Balance, _board.Now.Balance);
        Assert.Equal(["store: gone"], _board.Now.Health.Reasons);
    }

    [Fact]
    public async Task A_watcher_whose_browser_has_gone_does_not_keep_the_others_from_seeing()
    {
        using var gone = _board.Watch(() => throw new ObjectDisposedException("renderer"));
        var seen = 0;
        using var watch = _board.Watch(() => Interlocked.Increment(ref seen));

        await SampleUntilAsync(() => Volatile.Read(ref seen) >= 2);
    }

    private async Task SampleUntilAsync(Func<bool> expected)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!expected())
        {
            timeout.Token.ThrowIfCancellationRequested();
            _feed.Sampled += Raise.Event<EventHandler>(_feed, EventArgs.Empty);
            await Task.Delay(10);
        }
    }
}
