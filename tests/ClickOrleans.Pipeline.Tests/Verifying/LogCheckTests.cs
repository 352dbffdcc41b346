using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Verifying;
using ClickOrleans.Testing.InMemory.Log;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using static ClickOrleans.Pipeline.Tests.Verifying.Samples;

namespace ClickOrleans.Pipeline.Tests.Verifying;

/// <summary>A log of ten clicks against what a snapshot of the store claims.</summary>
public sealed class LogCheckTests : IAsyncLifetime
{
    private const int Count = 10;

    private readonly InMemoryTopic _topic = new("clickstream", 1);
    private readonly FakeTimeProvider _time = new();
    private readonly IStoreSnapshot _snapshot = Substitute.For<IStoreSnapshot>();
    private readonly InMemoryClickLog _log;
    private LogIdentity _identity = null!;

    public LogCheckTests() => _log = new InMemoryClickLog(_topic, _time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _identity = await _log.OpenAsync(Cancellation);
        var messages = Enumerable.Range(0, Count).Select(offset => new LogMessage(null, Value(offset)));
        await _log.AppendAsync([.. messages], Cancellation);
        Claim(Partition(_identity, 0, Count));
    }

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Fact]
    public async Task A_store_that_holds_every_message_is_clean_and_says_what_was_compared()
    {
        Digest(Count);

        var report = await RunAsync();

        Assert.True(report.IsClean);
        Assert.Equal(
            [
                "10 offsets of 1 partitions with the store: 10 clicks, 0 duplicates, " +
                    "0 dead letters or accepted losses, 0 control records",
                "10 records, field by field, with the log's messages",
                "10 clicks with the digests kept with their commits",
            ],
            report.Compared);
    }

    [Fact]
    public async Task A_message_at_an_offset_without_row_is_lost()
    {
        Claim(Partition(_identity, 0, Count, storedRows: 9));
        Gaps(new OffsetRange(4, 5));

        var report = await RunAsync();

        Assert.Contains("clickstream partition 0 offset 4: in the log, not in the store: lost", report.Differences);
    }

    [Fact]
    public async Task An_offset_without_row_and_without_message_is_a_control_record()
    {
        _topic.AppendControlRecord(0);
        Claim(Partition(_identity, 0, Count + 1, storedRows: Count) with { Stored = Count });
        Gaps(new OffsetRange(Count, Count + 1));

        var report = await RunAsync();

        Assert.True(report.IsClean);
        Assert.EndsWith("0 dead letters or accepted losses, 1 control records", report.Compared[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lost_messages_beyond_the_limit_are_counted()
    {
        Claim(Partition(_identity, 0, Count, storedRows: 4) with { Stored = 4 });
        Gaps(new OffsetRange(0, 6));

        var report = await RunAsync(new VerifyOptions { MaxNamed = 2 });

        Assert.Equal(
            [
                "clickstream partition 0 offset 0: in the log, not in the store: lost",
                "clickstream partition 0 offset 1: in the log, not in the store: lost",
                "clickstream partition 0: 4 more offsets are lost",
            ],
            report.Differences);
    }

    [Fact]
    public async Task A_gap_that_the_log_has_removed_is_a_note()
    {
        _topic.Truncate(0, 6);
        Gaps(new OffsetRange(3, 8));

        var report = await RunAsync();

        Assert.Equal(
            ["clickstream partition 0: no row at offsets 3..5; the log starts at 6, so whether they held messages is unknown"],
            report.Notes);
        Assert.Equal(2, report.Differences.Count);
    }

    [Fact]
    public async Task A_stored_offset_beyond_the_end_of_the_log_is_a_difference()
    {
        Claim(Partition(_identity, 0, Count + 5));

        var report = await RunAsync();

        Assert.Equal(["clickstream partition 0: the stored offset is 15, the log ends at 10"], report.Differences);
    }

    [Fact]
    public async Task A_counter_that_differs_from_the_rows_is_a_difference()
    {
        Claim(Partition(_identity, 0, Count) with { Stored = 12 });

        var report = await RunAsync();

        Assert.Equal(["clickstream partition 0: 12 clicks were stored, clickstream_data has 10"], report.Differences);
    }

    [Fact]
    public async Task A_stray_offset_is_a_difference()
    {
        _snapshot.FindStrayOffsetsAsync(default!, default, default).ReturnsForAnyArgs([99L]);

        var report = await RunAsync();

        Assert.Equal(
            [
                "clickstream partition 0 offset 99: stored outside the consumed offsets, " +
                    "or as more than one of click, dead letter and duplicate",
            ],
            report.Differences);
    }

    [Fact]
    public async Task A_record_that_differs_from_its_message_is_named_with_its_partition()
    {
        Claim(Partition(_identity, 0, Count), offset => offset == 7 ? ClickAt(7) with { City = "Atlantis" } : ClickAt(offset));

        var report = await RunAsync();

        Assert.Equal(
            ["clickstream partition 0 offset 7: city is 'Atlantis' in the store and 'Utrecht' in the log"], report.Differences);
    }

    [Fact]
    public async Task Gaps_of_a_replaced_log_are_a_note()
    {
        var replaced = new LogIdentity("clickstream", Guid.NewGuid());
        Claim(Partition(replaced, 0, Count));
        Gaps(new OffsetRange(2, 4));

        var report = await RunAsync();

        Assert.True(report.IsClean);
        Assert.Equal(
            [
                $"clickstream partition 0 of the replaced log {replaced.TopicId}: no row at offsets 2..3; " +
                "the log is gone, so whether they held messages is unknown",
            ],
            report.Notes);
    }

    [Fact]
    public async Task A_click_altered_outside_of_the_sample_is_seen_by_its_digest_and_named()
    {
        const int Many = 30_000;
        const int Altered = 12_345;
        var messages = Enumerable.Range(Count, Many - Count).Select(offset => new LogMessage(null, Value(offset)));
        await _log.AppendAsync([.. messages], Cancellation);
        Claim(Partition(_identity, 0, Many), at => at == Altered ? ClickAt(at) with { City = "Delft" } : ClickAt(at));

        Digest(Many);

        var report = await RunAsync(new VerifyOptions(5_000));

        Assert.Equal(
            [
                "clickstream partition 0 offsets 0..29999, stored on 2026-03-01: clicks were altered since: "
                + "they do not have the digest kept with their commits",
                $"clickstream partition 0 offset {Altered}: city is 'Delft' in the store and 'Utrecht' in the log",
            ],
            report.Differences);
    }

    [Fact]
    public async Task A_click_altered_after_the_log_let_go_of_it_is_seen_by_its_digest()
    {
        _topic.Truncate(0, Count);
        Claim(Partition(_identity, 0, Count), at => at == 3 ? ClickAt(at) with { City = "Delft" } : ClickAt(at));
        Digest(Count);

        Assert.StartsWith(
            "clickstream partition 0 offsets 0..9, stored on 2026-03-01: clicks were altered since",
            Assert.Single((await RunAsync()).Differences),
            StringComparison.Ordinal);
    }

    private void Claim(AuditedPartition partition, Func<long, Click>? click = null)
    {
        _snapshot.GetPartitionsAsync(default).ReturnsForAnyArgs([partition]);
        _snapshot.FindGapsAsync(default!, default, default).ReturnsForAnyArgs([]);
        _snapshot.FindStrayOffsetsAsync(default!, default, default).ReturnsForAnyArgs([]);
        _snapshot.ReadRecordsAsync(default!, default, default).ReturnsForAnyArgs(call =>
        {
            var range = call.Arg<OffsetRange>();
            return [.. Enumerable.Range((int)range.Start, (int)range.Count).Select(at => Stored(at, (click ?? ClickAt)(at)))];
        });
    }

    private void Digest(int clicks) => _snapshot.GetDigestsAsync(default!, default).ReturnsForAnyArgs([new StoredDigest(
        "2026-03-01",
        new OffsetRange(0, clicks),
        clicks,
        Enumerable.Range(0, clicks).Aggregate(0L, (digest, offset) => digest ^ ClickDigest.Of(offset, ClickAt(offset))))]);

    private void Gaps(params OffsetRange[] gaps) => _snapshot.FindGapsAsync(default!, default, default).ReturnsForAnyArgs(gaps);

    private async Task<VerifyReport> RunAsync(VerifyOptions? options = null)
    {
        var report = new VerifyReport();
        await new LogCheck(_log, _identity, _snapshot, options ?? new VerifyOptions(), report, _time).RunAsync(Cancellation);
        return report;
    }
}
