using ClickOrleans.Grains.Aggregating;
using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Pipeline.Status;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Testing;
using NSubstitute;

namespace ClickOrleans.Silo.Tests.Status;

public sealed class StatusReaderTests : IAsyncLifetime
{
    private StatusBench _bench = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await StatusBench.OpenAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_partition_joins_its_consumer_the_stored_offset_and_the_end_of_the_log()
    {
        await _bench.AppendAsync(5);
        await _bench.StoreAsync(0, 4);
        _bench.Report = _bench.Report with { ConsumedPartitions = [StatusBench.Consumed(0, PartitionState.Running)] };

        var partitions = (await _bench.ReadAsync()).Consumers.Partitions;

        var now = _bench.Time.GetUtcNow().UtcDateTime;
        Assert.Equal(
            [
                new PartitionStatus(0, 0, "silo-a", 4, 5, 1, "running", null, 0, now),
                new PartitionStatus(1, null, null, 0, 5, 5, "paused", null, 0, now),
            ],
            partitions);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_partition_whose_log_went_back_is_stopped_and_says_why_whether_it_is_consumed_or_not(bool isConsumed)
    {
        await _bench.AppendAsync(5);
        await _bench.StoreAsync(0, 4);
        Assert.True(await _bench.Store.Clicks.StopPartitionAsync(1, 0, 4, 3, DateTime.UnixEpoch, Cancellation));
        _bench.Report = _bench.Report with
        {
            ConsumedPartitions = isConsumed ? [StatusBench.Consumed(0, PartitionState.Starting)] : [],
        };

        var partition = (await _bench.ReadAsync()).Consumers.Partitions[0];

        Assert.Equal("stopped", partition.State);
        Assert.StartsWith("The log went back: it differs from what was stored from offset 3 on", partition.Error);
    }

    [Fact]
    public async Task Totals_come_from_the_store_the_lag_and_the_consumers()
    {
        await _bench.AppendAsync(5);
        await _bench.StoreAsync(0, 4);
        await _bench.StoreAsync(1, 2);
        await _bench.Store.Rollups.FoldAsync(5, DateTime.UnixEpoch, Cancellation);
        _bench.Report = _bench.Report with
        {
            ConsumedPartitions =
            [
                StatusBench.Consumed(0, PartitionState.Running, fenced: 2),
                StatusBench.Consumed(1, PartitionState.Running, fenced: 1),
            ],
        };

        var status = await _bench.ReadAsync();

        Assert.Equal(new TotalsStatus(6, 0, 4, 5, 1, 0, 0, 3), status.Totals);
        Assert.Equal(new ProducersStatus(1, 100, 5000), status.Producers);
        Assert.Equal(2, status.Consumers.Count);
        Assert.Equal(new LiveStatus(12.3, 0.6), status.Live);
        Assert.Equal(
            [new SiloStatusRow("silo-a", "127.0.0.1:11111", "active", new DateTime(2022, 1, 1, 0, 1, 0, DateTimeKind.Utc))],
            status.Silos);
        Assert.Empty(status.Errors);
    }

    [Theory]
    [InlineData(PartitionState.Starting, "starting")]
    [InlineData(PartitionState.Running, "running")]
    [InlineData(PartitionState.BackingOff, "backing_off")]
    [InlineData(PartitionState.StoodDown, "stood_down")]
    [InlineData(PartitionState.Stopped, "stopped")]
    [InlineData(PartitionState.Ended, "ended")]
    public async Task A_state_has_its_name_and_error(PartitionState state, string name)
    {
        _bench.Report = _bench.Report with { ConsumedPartitions = [StatusBench.Consumed(1, state, "retention passed")] };

        var partition = (await _bench.ReadAsync()).Consumers.Partitions[1];

        Assert.Equal((name, "retention passed"), (partition.State, partition.Error));
    }

    [Fact]
    public async Task The_oldest_unprocessed_message_is_the_oldest_of_the_partitions_that_lag()
    {
        await _bench.AppendAsync(1);
        _bench.Time.Advance(TimeSpan.FromSeconds(10));
        await _bench.AppendAsync(1);
        await _bench.StoreAsync(0, 1);
        await _bench.StoreAsync(1, 2);
        _bench.Time.Advance(TimeSpan.FromSeconds(2));

        var status = await _bench.ReadAsync();

        Assert.Equal([2.0, 0.0], status.Consumers.Partitions.Select(partition => partition.OldestUnprocessedSeconds));
        Assert.Equal(2, status.OldestUnprocessedSeconds);
    }

    [Fact]
    public async Task During_an_outage_of_the_store_its_last_values_are_shown_with_the_error_once()
    {
        await _bench.AppendAsync(5);
        await _bench.StoreAsync(0, 4);
        await _bench.ReadAsync();
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        _bench.Store.BeforeStatement = _ => throw new IOException("connection refused");

        var status = await _bench.ReadAsync();

        Assert.Equal((4, 6), (status.Totals.Stored, status.Totals.Lag));
        Assert.Equal(["store: connection refused"], status.Errors);
    }

    [Fact]
    public async Task During_an_outage_of_the_log_its_last_offsets_are_shown_with_the_error()
    {
        await _bench.AppendAsync(5);
        await _bench.StoreAsync(0, 4);
        await _bench.ReadAsync();
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        _bench.Topic.Outage = new IOException("broker unavailable");

        var status = await _bench.ReadAsync();

        Assert.Equal([5L, 5], status.Consumers.Partitions.Select(partition => partition.EndOffset));
        Assert.Equal(["log: broker unavailable"], status.Errors);
    }

    [Fact]
    public async Task A_log_that_was_never_reached_has_no_partitions()
    {
        _bench.Topic.Outage = new IOException("broker unavailable");

        var status = await _bench.ReadAsync();

        Assert.Empty(status.Consumers.Partitions);
        Assert.Equal(["log: broker unavailable"], status.Errors);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_an_error_after_the_timeout()
    {
        var silent = Substitute.For<IClickStore>();
        silent.GetTotalsAsync(default).ReturnsForAnyArgs(new TaskCompletionSource<StoreTotals>().Task);
        silent.GetProgressAsync(default, default).ReturnsForAnyArgs([]);
        await using var bench = await StatusBench.OpenAsync(silent, TimeProvider.System);

        var status = await bench.ReadAsync();

        Assert.StartsWith("store: no answer within ", Assert.Single(status.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_pipeline_s_grain_said_last_is_shown_with_the_error_where_it_does_not_answer()
    {
        await _bench.ReadAsync();
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        _bench.Unreachable = new TimeoutException("no response from the grain");

        var status = await _bench.ReadAsync();

        Assert.Equal(5000, status.Producers.Produced);
        Assert.Equal(["pipeline: no response from the grain"], status.Errors);
    }

    [Fact]
    public async Task However_many_are_silent_the_status_is_there_in_time()
    {
        var time = new InstantTime();
        var store = Substitute.For<IClickStore>();
        store.GetTotalsAsync(default).ReturnsForAnyArgs(new StoreTotals(7, 0, 0, 0, 0, 0));
        store.GetProgressAsync(default, default).ReturnsForAnyArgs([]);
        await using var bench = await StatusBench.OpenAsync(store, time);
        await bench.ReadAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        store.GetTotalsAsync(default).ReturnsForAnyArgs(new TaskCompletionSource<StoreTotals>().Task);
        bench.GrainsAnswer = new TaskCompletionSource();
        var begun = time.GetTimestamp();

        var status = await bench.ReadAsync().WaitAsync(Poll.DefaultTimeout, Cancellation);

        Assert.InRange(time.GetElapsedTime(begun), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4.5));
        Assert.Equal((7, 5000, 12.3), (status.Totals.Stored, status.Producers.Produced, status.Live.StoredPerSecond));
        Assert.Equal(
            ["store", "log", "live statistics", "pipeline"], status.Errors.Select(error => error.Split(':')[0]).Distinct());
    }

    [Fact]
    public async Task Errors_of_the_last_reconciliation_come_first()
    {
        _bench.Report = _bench.Report with { Errors = ["consumer 1: activation failed"] };
        _bench.Topic.Outage = new IOException("broker unavailable");

        Assert.Equal(["consumer 1: activation failed", "log: broker unavailable"], (await _bench.ReadAsync()).Errors);
    }

    [Fact]
    public async Task A_status_is_read_again_after_200_ms_and_at_once_where_the_current_one_is_wanted()
    {
        var first = await _bench.ReadAsync();
        _bench.Time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Same(first, await _bench.ReadAsync());

        var current = await _bench.Reader.ReadNowAsync(Cancellation);
        Assert.NotSame(first, current);

        _bench.Time.Advance(TimeSpan.FromMilliseconds(201));
        Assert.NotSame(current, await _bench.ReadAsync());
    }

    [Fact]
    public async Task Rollups_that_the_index_rejected_are_shown_with_the_reason()
    {
        await _bench.StoreAsync(0, 4);
        await _bench.Store.Rollups.FoldAsync(5, DateTime.UnixEpoch, Cancellation);
        await _bench.Store.Rollups.MarkIndexedAsync([new IndexedMark(1, 1, "mapping")], Cancellation);

        var status = await _bench.ReadAsync();

        Assert.Equal([new RejectedRollup("/", "NL", 1, "mapping")], status.IndexRejections);
        Assert.Equal(1, status.Totals.IndexRejected);
        Assert.Equal(["index: 1 rollups are refused; url '/' country 'NL': mapping"], status.Errors);
    }

    [Fact]
    public async Task The_aggregation_shows_its_schedule_and_how_late_scheduled_runs_began()
    {
        var due = DateTime.UnixEpoch;
        var scheduled = new FinishedRun(due.AddSeconds(1.5), TimeSpan.FromSeconds(2), 10, 3, 3, null, due);
        var manual = new FinishedRun(due, TimeSpan.FromSeconds(1), 1, 1, 0, "index unavailable");
        _bench.Report = _bench.Report with
        {
            Aggregation = new AggregationReport("every 30 s", false, true, due.AddSeconds(30), [scheduled, manual], 4, due),
        };

        var aggregation = (await _bench.ReadAsync()).Aggregation;

        Assert.Equal(("every 30 s", 4), (aggregation.Schedule, aggregation.MissedTicks));
        Assert.Equal((false, true), (aggregation.Paused, aggregation.Running));
        Assert.Equal(new AggregationRunStatus(due.AddSeconds(1.5), 2, 10, 3, 3, null, 1.5), aggregation.LastRun);
        Assert.Equal(new AggregationRunStatus(due, 1, 1, 1, 0, "index unavailable", null), aggregation.LastRuns[1]);
    }

    [Fact]
    public async Task Without_a_report_of_the_aggregation_nothing_of_it_is_known()
    {
        Assert.Equal(
            new AggregationStatus(null, false, false, null, null, [], 0, null) with { LastRuns = [] },
            (await _bench.ReadAsync()).Aggregation with { LastRuns = [] });
    }
}
