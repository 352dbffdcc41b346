using ClickOrleans.Grains.Aggregating;
using ClickOrleans.Grains.Placement;
using ClickOrleans.Pipeline.Aggregating;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Indexing;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.TestingHost;

namespace ClickOrleans.Grains.Tests.Aggregating;

/// <summary>The aggregation's grain on two silos in this process, on a store whose fold lasts as long as a test wants.</summary>
public sealed class AggregationGrainTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IRollupStore _rollups = Substitute.For<IRollupStore>();
    private readonly IClickIndex _index = Substitute.For<IClickIndex>();
    private readonly IClickStore _clicks = Substitute.For<IClickStore>();
    private readonly SetClock _clock = new();
    private readonly SilentReminders _reminders = new();
    private readonly InProcessTestCluster _cluster;
    private int _folding;
    private int _most;
    private int _folds;

    public AggregationGrainTests()
    {
        _clicks.GetTotalsAsync(default).ReturnsForAnyArgs(new StoreTotals(0, 0, 0, 0, 0, 0));
        _rollups.FoldAsync(default, default, default).ReturnsForAnyArgs(_ => FoldAsync());
        _rollups.GetUnindexedAsync(default, default).ReturnsForAnyArgs([]);
        var builder = new InProcessTestClusterBuilder(2);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddEvenPlacement();
            silo.AddReminders();
            silo.Services.AddSingleton<IReminderTable>(_reminders);
            silo.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = TimeSpan.FromSeconds(1));
            silo.Services.AddSingleton<TimeProvider>(_clock);
            silo.Services.AddSingleton(new Aggregator(
                _clicks,
                _rollups,
                new Indexer(
                    _rollups,
                    _index,
                    new IndexerOptions(),
                    StageContexts.System,
                    NullLogger<Indexer>.Instance),
                100,
                StageContexts.System));
            silo.Services.AddSingleton(new IndexSweep(
                _rollups, _index, new SweepOptions(), StageContexts.System, NullLogger<IndexSweep>.Instance));
        });
        _cluster = builder.Build();
    }

    private IAggregationGrain Grain => _cluster.Client.GetGrain<IAggregationGrain>(0);

    public async ValueTask InitializeAsync() => await _cluster.DeployAsync();

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Runs_asked_for_at_the_same_time_run_one_after_another()
    {
        var runs = Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Grain.RunNowAsync(TestContext.Current.CancellationToken)));
        // Messages of one client keep their order: once this is answered, all five have been asked for.
        var report = await Grain.EnsureAsync(new ScheduleSetting(TimeSpan.FromHours(1), null, true));
        Assert.True(report.Running);

        _release.SetResult();
        await runs;

        Assert.Equal(1, Volatile.Read(ref _most));
        Assert.InRange(Volatile.Read(ref _folds), 1, 5);
    }

    [Fact]
    public async Task The_reminder_follows_the_schedule_and_goes_when_it_is_paused()
    {
        await Grain.EnsureAsync(new ScheduleSetting(TimeSpan.FromHours(1), null, false));
        Assert.Equal(TimeSpan.FromHours(1), (await ReminderAsync())?.Period);

        await Grain.EnsureAsync(new ScheduleSetting(TimeSpan.FromHours(2), null, false));
        Assert.Equal(TimeSpan.FromHours(2), (await ReminderAsync())?.Period);

        var paused = await Grain.EnsureAsync(new ScheduleSetting(TimeSpan.FromHours(2), null, true));
        Assert.Null(await ReminderAsync());
        Assert.Null(paused.NextRun);
    }

    [Fact]
    public async Task What_the_sweep_finds_is_sent_by_a_run_of_its_own()
    {
        _release.SetResult();
        var indexed = new Rollup(1, "/a", "NL", 5, 1, DateTime.UnixEpoch, DateTime.UnixEpoch, DateTime.UnixEpoch, 3, 3);
        _rollups.ReadRollupsAsync(0, default, default).ReturnsForAnyArgs(call => call.ArgAt<long>(0) == 0 ? [indexed] : []);
        _index.GetAsync(default!, default)
            .ReturnsForAnyArgs(call => new IndexDocument?[call.ArgAt<IReadOnlyList<string>>(0).Count]);

        AggregationReport? report = null;
        await Poll.UntilAsync(
            async () =>
            {
                report = await Grain.EnsureAsync(new ScheduleSetting(TimeSpan.FromHours(1), null, false));
                return report is { LastSweep: not null, LastRuns.Count: > 0 };
            },
            () => $"{report}");

        Assert.Equal((1, 1, 0), (report!.LastSweep!.Compared, report.LastSweep.Repaired, report.LastSweep.Removed));
        await _rollups.ReceivedWithAnyArgs(1).UnmarkAsync(default!, default);
        Assert.Null(Assert.Single(report.LastRuns).Due);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_clock_that_is_set_leaves_no_gap_in_the_schedule(int days)
    {
        _release.SetResult();
        _clock.Offset = TimeSpan.FromDays(1);
        var schedule = new ScheduleSetting(TimeSpan.FromSeconds(20), null, false);
        await Grain.EnsureAsync(schedule);

        _clock.Offset += TimeSpan.FromDays(days);
        var report = await WaitUntilScheduledAsync(schedule);

        var reminder = await ReminderAsync();
        Assert.InRange(reminder!.StartAt - _clock.GetUtcNow().UtcDateTime, TimeSpan.FromHours(-1), TimeSpan.FromHours(1));
        Assert.Equal(days > 0, report.Running || report.LastRuns.Count > 0);
    }

    [Fact]
    public async Task A_run_that_is_due_waits_for_no_reminder_that_cannot_be_set()
    {
        _release.SetResult();
        var schedule = new ScheduleSetting(TimeSpan.FromSeconds(20), null, false);
        await Grain.EnsureAsync(schedule);
        _reminders.Silence = new TaskCompletionSource();
        _clock.Offset = TimeSpan.FromDays(1);

        await Poll.UntilAsync(async () => (await Grain.EnsureAsync(schedule)).LastRuns.Count > 0);
        _reminders.Silence.SetException(new IOException("the reminders' database is out"));
        _reminders.Silence = null;
        _clock.Elapsed = TimeSpan.FromMinutes(1);

        Assert.Single((await WaitUntilScheduledAsync(schedule)).LastRuns);
    }

    /// <summary>Waits until the next run is where the schedule has it, by the clock as it is.</summary>
    private async Task<AggregationReport> WaitUntilScheduledAsync(ScheduleSetting schedule)
    {
        AggregationReport? report = null;
        await Poll.UntilAsync(
            async () =>
            {
                report = await Grain.EnsureAsync(schedule);
                var wait = report.NextRun - _clock.GetUtcNow().UtcDateTime;
                return wait > TimeSpan.Zero && wait <= schedule.Interval;
            },
            () => $"{report}");
        return report!;
    }

    private async Task<ReminderEntry?> ReminderAsync() =>
        await _cluster.GetSiloServiceProvider().GetRequiredService<IReminderTable>().ReadRow(Grain.GetGrainId(), "aggregation");

    private async Task<FoldResult> FoldAsync()
    {
        Interlocked.Increment(ref _folds);
        var folding = Interlocked.Increment(ref _folding);
        for (var most = Volatile.Read(ref _most); most < folding; most = Volatile.Read(ref _most))
        {
            Interlocked.CompareExchange(ref _most, folding, most);
        }

        await _release.Task;
        Interlocked.Decrement(ref _folding);
        return new FoldResult(0, 0, false);
    }

    /// <summary>The system's clock, set by a test.</summary>
    private sealed class SetClock : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        /// <summary>Added to what has elapsed since the start.</summary>
        public TimeSpan Elapsed { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;

        public override long GetTimestamp() =>
            System.GetTimestamp() + (long)(Elapsed.TotalSeconds * TimestampFrequency);
    }
}
