using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Verifying;
using ClickOrleans.Testing.InMemory.Index;
using ClickOrleans.Testing.InMemory.Log;
using ClickOrleans.Testing.InMemory.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Pipeline.Tests.Consuming;

/// <summary>A log that goes back behind what was read, and is filled again, under a consumer in virtual time.</summary>
public sealed class LogBackTests
{
    private readonly VirtualStages _stages = new(seed: 11);
    private readonly InMemoryTopic _topic = new("clickstream", 1);
    private readonly InMemoryClickLog _log;
    private readonly InMemoryStore _store;
    private int _appended;

    public LogBackTests()
    {
        _log = new InMemoryClickLog(_topic, _stages.Time);
        _store = new InMemoryStore(_stages.Time);
        _log.OpenAsync(Cancellation).GetAwaiter().GetResult();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>With epochs and without, filled up to before, at and after the stored offset.</summary>
    [Theory]
    [InlineData(null, 40)]
    [InlineData(null, 60)]
    [InlineData(0, 40)]
    [InlineData(0, 41)]
    public void A_log_that_was_filled_again_while_nobody_read_stops_the_partition_across_restarts(int? epoch, int filled)
    {
        _topic.LeaderEpoch = epoch;
        Append(100);
        Consume(until: 100);
        _topic.SetBack(0, 60);
        Append(filled);

        AssertStops("differs from what was stored from offset 99 on", "adopt-log --partition 0", "accept-loss --partition 0");

        // Also when the log no longer holds what told it.
        _topic.Truncate(0, 60 + filled);
        AssertStops("differs from what was stored from offset 99 on");
    }

    [Fact]
    public void A_log_filled_again_with_the_same_records_by_another_leader_stops_the_partition()
    {
        _topic.LeaderEpoch = 3;
        Append(10);
        Consume(until: 10);
        _topic.SetBack(0, 6);
        _appended = 6;
        Append(10);

        AssertStops("differs from what was stored from offset 9 on");
    }

    [Fact]
    public void A_log_that_ends_before_the_stored_offset_stops_the_partition_and_the_stop_lasts_once_it_is_certain()
    {
        Append(100);
        var consumer = Start(out var stop, out _);
        _stages.RunUntil(() => consumer.Report.NextOffset == 100);

        _topic.SetBack(0, 60);
        _stages.RunUntil(() => consumer.Report.State == PartitionState.Stopped);

        Assert.Contains("ends at offset 60, before the stored offset 100", consumer.Report.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("accept-loss", consumer.Report.Error, StringComparison.Ordinal);
        Assert.Null(Position().DivergedOffset);
        _stages.RunUntil(() => Position().DivergedOffset == 60);
        Append(100);
        _stages.RunFor(TimeSpan.FromMinutes(1));
        Assert.Equal((PartitionState.Stopped, 100), (consumer.Report.State, Position().NextOffset));
        Assert.Contains("accept-loss", consumer.Report.Error, StringComparison.Ordinal);
        stop.Cancel();
    }

    [Fact]
    public void A_log_that_is_filled_up_to_the_stored_offset_at_once_is_told_by_the_last_record()
    {
        Append(100);
        var consumer = Start(out var stop, out _);
        _stages.RunUntil(() => consumer.Report.NextOffset == 100);

        _topic.SetBack(0, 60);
        _stages.RunUntil(() => consumer.Report.State == PartitionState.Stopped);
        Append(50);
        _stages.RunUntil(() => Position().DivergedOffset == 99);

        Assert.Equal(100, Position().NextOffset);
        stop.Cancel();
    }

    [Fact]
    public void A_broker_that_tells_an_end_of_earlier_for_some_seconds_costs_nothing_but_time()
    {
        Append(100);
        Consume(until: 100);
        _topic.SetBack(0, 60);
        var consumer = Start(out var stop, out _);
        _stages.RunUntil(() => consumer.Report.State == PartitionState.Stopped);

        // The same records: what the leader of today holds.
        _appended = 60;
        Append(50);
        _stages.RunUntil(() => consumer.Report.NextOffset == 110);

        Assert.Null(consumer.Report.Error);
        stop.Cancel();
    }

    [Fact]
    public void Without_the_last_record_in_the_log_there_is_no_verdict()
    {
        Append(100);
        Consume(until: 100);
        _topic.Truncate(0, 100);
        Append(10);

        Consume(until: 110);
    }

    [Fact]
    public void A_last_record_that_compaction_removed_gives_no_verdict()
    {
        Append(100);
        Consume(until: 100);
        _topic.SetBack(0, 99);
        _topic.AppendControlRecord(0);
        Append(10);

        Consume(until: 110);
    }

    [Fact]
    public void A_store_of_the_version_before_has_no_last_record_and_goes_on()
    {
        Append(100);
        Consume(until: 100);
        Await(_store.Clicks.StopPartitionAsync(1, 0, 100, 0, default, Cancellation));
        Await(_store.Clicks.AcceptDivergenceAsync(new(0, Position(), [], null, default), Cancellation));
        Append(10);

        Consume(until: 110);
        Assert.Equal(109, Position().LastRecord?.Offset);
    }

    [Fact]
    public void A_consumer_that_still_runs_stores_nothing_more_once_another_has_found_the_divergence()
    {
        Append(100);
        var consumer = Start(out _, out var running);
        _stages.RunUntil(() => consumer.Report.NextOffset == 100);
        Await(_store.Clicks.StopPartitionAsync(1, 0, 100, 99, default, Cancellation));

        Append(10);
        _stages.RunUntil(() => running.IsCompleted);

        Assert.Equal((PartitionState.StoodDown, 100), (consumer.Report.State, Position().NextOffset));
    }

    [Fact]
    public async Task Accepted_the_partition_goes_on_at_its_offset_and_verify_names_the_range()
    {
        DivergeAt(60);
        var consumer = Start(out var stop, out _);
        _stages.RunUntil(() => consumer.Report.State == PartitionState.Stopped);
        var named = await VerifyAsync();
        Assert.Contains("stopped at 100 until accept-loss or adopt-log", named.Differences[0], StringComparison.Ordinal);

        var loss = await new LossAcceptance(_log, _store.Clicks, _store.Audit, _stages.Time).AcceptAsync(0, Cancellation);

        Assert.Equal((LossOutcome.DivergenceAccepted, new OffsetRange(60, 100)), (loss.Outcome, loss.Lost));
        _stages.RunUntil(() => consumer.Report.NextOffset == 110);
        stop.Cancel();
        Assert.Equal(110, (await _store.Clicks.GetTotalsAsync(Cancellation)).Stored);
        var report = await VerifyAsync();
        Assert.Empty(report.Differences);
        Assert.Contains(report.Notes, note => note.Contains("other records at offsets 60..99", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Adopted_the_partition_is_read_again_from_the_divergence_on_and_verify_is_content()
    {
        DivergeAt(60);
        var consumer = Start(out var stop, out _);
        _stages.RunUntil(() => consumer.Report.State == PartitionState.Stopped);

        var adopted = await AdoptAsync();

        Assert.Equal((AdoptionOutcome.Adopted, 60), (adopted.Outcome, adopted.From));
        _stages.RunUntil(() => consumer.Report.NextOffset == 110);
        stop.Cancel();
        Assert.Equal(150, (await _store.Clicks.GetTotalsAsync(Cancellation)).Stored);
        var report = await VerifyAsync();
        Assert.Empty(report.Differences);
        Assert.Contains(report.Notes, note => note.Contains("another from offset 60 on", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_log_that_goes_back_twice_is_adopted_twice()
    {
        DivergeAt(60);
        await AdoptAsync();
        Consume(until: 110);
        _topic.SetBack(0, 40);
        Append(90);

        var adopted = await AdoptAsync();

        // What was stored under the number in between begins behind the second divergence.
        Assert.Equal((AdoptionOutcome.Adopted, 40), (adopted.Outcome, adopted.From));
        Consume(until: 130);
        Assert.Equal(100 + 50 + 90, (await _store.Clicks.GetTotalsAsync(Cancellation)).Stored);
        Assert.Empty((await VerifyAsync()).Differences);
    }

    [Fact]
    public async Task A_divergence_behind_an_adoption_is_accepted_as_a_whole()
    {
        DivergeAt(60);
        await AdoptAsync();
        Consume(until: 110);
        _topic.SetBack(0, 40);
        Append(90);

        var loss = await new LossAcceptance(_log, _store.Clicks, _store.Audit, _stages.Time).AcceptAsync(0, Cancellation);

        Assert.Equal((LossOutcome.DivergenceAccepted, new OffsetRange(40, 110)), (loss.Outcome, loss.Lost));
        Consume(until: 130);
        Assert.Empty((await VerifyAsync()).Differences);
    }

    [Fact]
    public async Task A_log_that_ends_before_the_stored_offset_can_only_be_adopted()
    {
        Append(100);
        Consume(until: 100);
        _topic.SetBack(0, 60);

        var loss = await new LossAcceptance(_log, _store.Clicks, _store.Audit, _stages.Time).AcceptAsync(0, Cancellation);
        var adopted = await AdoptAsync();

        Assert.Equal(LossOutcome.LogShort, loss.Outcome);
        Assert.Equal((AdoptionOutcome.Adopted, 60), (adopted.Outcome, adopted.From));
        Append(5);
        Consume(until: 65);
        Assert.Empty((await VerifyAsync()).Differences);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_log_of_which_nothing_is_left_is_adopted_from_its_start(int filled)
    {
        Append(100);
        Consume(until: 100);
        _topic.SetBack(0, 0);
        Append(filled);

        Assert.Equal(0, (await AdoptAsync()).From);

        Append(10);
        Consume(until: 10 + filled);
        Assert.Empty((await VerifyAsync()).Differences);
    }

    [Fact]
    public async Task A_long_divergence_is_found_to_the_record()
    {
        Append(20_000);
        Consume(until: 20_000);
        _topic.SetBack(0, 1_234);
        Append(20_000);

        Assert.Equal(1_234, (await AdoptAsync()).From);
    }

    [Fact]
    public async Task The_disk_that_was_away_and_came_back_lifts_the_stop_by_either_command()
    {
        foreach (var round in new[] { 0, 1 })
        {
            Append(100);
            Consume(until: _appended);
            _topic.SetBack(0, _appended - 50);
            var consumer = Start(out var stop, out _);
            _stages.RunUntil(() => Position().DivergedOffset is not null);
            stop.Cancel();
            var appended = _appended;
            _appended -= 50;
            Append(50);
            Assert.Equal(appended, _appended);

            if (round == 0)
            {
                var loss = await new LossAcceptance(_log, _store.Clicks, _store.Audit, _stages.Time).AcceptAsync(0, Cancellation);
                Assert.Equal(LossOutcome.WholeAgain, loss.Outcome);
            }
            else
            {
                Assert.Equal(AdoptionOutcome.WholeAgain, (await AdoptAsync()).Outcome);
            }

            Append(1);
            Consume(until: _appended);
        }

        var report = await VerifyAsync();
        Assert.Empty(report.Differences);
        Assert.Empty(report.Notes);
    }

    [Fact]
    public async Task Nothing_is_adopted_where_the_log_is_not_known_to_have_gone_back()
    {
        Append(100);
        Consume(until: 100);
        Assert.Equal(AdoptionOutcome.NotDiverged, (await AdoptAsync()).Outcome);

        _topic.Truncate(0, 100);
        Assert.Equal(AdoptionOutcome.NotDiverged, (await AdoptAsync()).Outcome);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            new LogAdoption(_log, _store.Clicks, _store.Audit, _stages.Time).AdoptAsync(1, Cancellation));
    }

    private static T Await<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private ClickOrleans.Pipeline.Store.StoredPosition Position()
    {
        var logId = Await(_store.Clicks.RegisterLogAsync(Await(_log.IdentifyAsync(Cancellation)), Cancellation));
        return Await(_store.Clicks.StartPartitionAsync(logId, 0, 0, Cancellation));
    }

    private void Append(int count)
    {
        var numbers = Enumerable.Range(_appended, count);
        Await(AppendAsync([.. numbers.Select(number => new LogMessage(null, EmbeddedPipeline.Message(number)))]));
        _appended += count;

        async Task<bool> AppendAsync(LogMessage[] messages)
        {
            await _log.AppendAsync(messages, Cancellation);
            return true;
        }
    }

    /// <summary>A hundred records are read; from an offset on the log holds others, ten more of them than before.</summary>
    private void DivergeAt(long offset)
    {
        Append(100);
        Consume(until: 100);
        _topic.SetBack(0, offset);
        Append((int)(110 - offset));
    }

    private PartitionConsumer Start(out CancellationTokenSource stop, out Task running)
    {
        var consumer = new PartitionConsumer(
            _log,
            _store.Clicks,
            0,
            new ConsumingOptions(),
            new DuplicatesOptions(),
            _stages.Context,
            NullLogger<PartitionConsumer>.Instance);
        var source = stop = new CancellationTokenSource();
        running = _stages.Start(() => consumer.RunAsync(source.Token));
        return consumer;
    }

    private void Consume(long until)
    {
        var consumer = Start(out var stop, out var running);
        _stages.RunUntil(() => consumer.Report is { State: PartitionState.Running } report && report.NextOffset == until);
        stop.Cancel();
        _stages.RunUntil(() => running.IsCompleted);
    }

    private void AssertStops(params string[] texts)
    {
        foreach (var _ in new[] { "found", "found again after a restart" })
        {
            var stored = Position().NextOffset;
            var consumer = Start(out var stop, out var running);
            _stages.RunFor(TimeSpan.FromMinutes(1));
            Assert.Equal((PartitionState.Stopped, stored), (consumer.Report.State, Position().NextOffset));
            Assert.All(texts, text => Assert.Contains(text, consumer.Report.Error, StringComparison.Ordinal));
            stop.Cancel();
            _stages.RunUntil(() => running.IsCompleted);
        }
    }

    private Task<AdoptedLog> AdoptAsync() =>
        new LogAdoption(_log, _store.Clicks, _store.Audit, _stages.Time).AdoptAsync(0, Cancellation);

    private Task<VerifyReport> VerifyAsync() =>
        new Verifier(_log, _store.Audit, _store.Rollups, new InMemoryClickIndex(), _stages.Time)
            .RunAsync(new VerifyOptions(Sample: 0), Cancellation);
}
