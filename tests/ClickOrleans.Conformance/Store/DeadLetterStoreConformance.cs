using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Wire;
using Xunit;

namespace ClickOrleans.Conformance.Store;

/// <summary>The promises of <see cref="IDeadLetterStore"/>.</summary>
public abstract class DeadLetterStoreConformance : StoreConformance
{
    [Fact]
    public async Task A_dead_letter_is_found_as_it_came()
    {
        var batch = Batch(0, 0);
        batch.NextOffset = 3;
        batch.DeadLetters.Add(new DeadLetter(1, [], [1, 0, 255], DeadLetterReason.BadTimestamp, "ö"));
        batch.DeadLetters.Add(new DeadLetter(2, null, null, DeadLetterReason.Empty, ""));
        await CommitAsync(batch);

        var found = await Store.DeadLetters.FindAsync(Id(1), Cancellation);
        var empty = await Store.DeadLetters.FindAsync(Id(2), Cancellation);

        Assert.NotNull(found);
        Assert.Equal([], found.Key!);
        Assert.Equal([1, 0, 255], found.Payload!);
        Assert.Equal((DeadLetterReason.BadTimestamp, "ö"), (found.Reason, found.Error));
        Assert.Equal(DateTimeKind.Utc, found.At.Kind);
        Assert.NotNull(empty);
        Assert.Equal((null, null), (empty.Key, empty.Payload));
        Assert.Null(await Store.DeadLetters.FindAsync(Id(0), Cancellation));
    }

    [Fact]
    public async Task Listing_goes_page_by_page_in_order_of_log_partition_and_offset()
    {
        var otherLog = await Store.Clicks.RegisterLogAsync(new LogIdentity("clickstream", Guid.NewGuid()), Cancellation);
        var batch = Batch(0, 4, _ => null);
        batch.LogId = otherLog;
        await CommitAsync(batch);
        await CommitAsync(Batch(0, 3, _ => null, partition: 1));
        await CommitAsync(Batch(0, 5, _ => null));

        var seen = new List<DeadLetterId>();
        while (true)
        {
            var page = await Store.DeadLetters.ListAsync(
                new DeadLetterFilter(After: seen.LastOrDefault(), Limit: 4), Cancellation);
            seen.AddRange(page.Select(letter => letter.Id));
            if (page.Count < 4)
            {
                break;
            }
        }

        var expected = Enumerable.Range(0, 5).Select(offset => Id(offset))
            .Concat(Enumerable.Range(0, 3).Select(offset => Id(offset, 1)))
            .Concat(Enumerable.Range(0, 4).Select(offset => new DeadLetterId(otherLog, 0, offset)));
        Assert.Equal(expected, seen);
    }

    [Fact]
    public async Task Listing_filters_by_reason_and_partition()
    {
        var batch = Batch(0, 4, _ => null);
        batch.DeadLetters[2] = LetterAt(2, DeadLetterReason.TooLong);
        await CommitAsync(batch);
        await CommitAsync(Batch(0, 2, _ => null, partition: 1));

        var tooLong = await Store.DeadLetters.ListAsync(new DeadLetterFilter(DeadLetterReason.TooLong), Cancellation);
        var second = await Store.DeadLetters.ListAsync(new DeadLetterFilter(Partition: 1), Cancellation);
        var none = await Store.DeadLetters.ListAsync(new DeadLetterFilter(DeadLetterReason.TooLong, 1), Cancellation);

        Assert.Equal([Id(2)], tooLong.Select(letter => letter.Id));
        Assert.Equal([Id(0, 1), Id(1, 1)], second.Select(letter => letter.Id));
        Assert.Empty(none);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    public async Task A_limit_out_of_range_is_refused(int limit)
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => Store.DeadLetters.ListAsync(new DeadLetterFilter(Limit: limit), Cancellation));
    }

    [Fact]
    public async Task A_retried_click_stands_in_the_dead_letters_place_once()
    {
        await CommitAsync(Batch(0, 3, offset => offset == 1 ? null : ClickAt(Noon)));

        Assert.True(await Store.DeadLetters.RetryAsync(Id(1), ClickAt(Noon, "bob"), Cancellation));
        Assert.False(await Store.DeadLetters.RetryAsync(Id(1), ClickAt(Noon, "eve"), Cancellation));
        Assert.False(await Store.DeadLetters.DiscardAsync(Id(1), Noon, Cancellation));

        var records = await RecordsAsync();
        Assert.Equal([0L, 1, 2], records.Select(record => record.Offset));
        Assert.Equal("bob", records[1].Click?.UserId);
        Assert.Empty(await Store.DeadLetters.ListAsync(new DeadLetterFilter(), Cancellation));
        Assert.Equal((3, 0), await StoredAndDeadAsync());
    }

    [Fact]
    public async Task A_retry_that_repeats_the_id_of_a_click_becomes_a_duplicate()
    {
        var id = Guid.NewGuid();
        await CommitAsync(Batch(0, 4, offset => offset == 1 ? null : ClickAt(Noon) with { EventId = offset == 2 ? id : null }));

        Assert.True(await Store.DeadLetters.RetryAsync(Id(1), ClickAt(Noon, "bob") with { EventId = id }, Cancellation));
        Assert.False(await Store.DeadLetters.RetryAsync(Id(1), ClickAt(Noon, "bob"), Cancellation));

        var record = (await RecordsAsync())[1];
        Assert.Null(record.Click);
        Assert.Equal(new AuditedDuplicate(2, id), record.Duplicate);
        Assert.Equal((3, 0), await StoredAndDeadAsync());
        Assert.Equal(new StoreBalance(4, 3, 0, 0, 0, 1), await Store.Insight.GetBalanceAsync(Cancellation));
        Assert.Equal(3, await FoldAllAsync());
    }

    [Fact]
    public async Task A_retry_by_two_at_once_stores_one_click()
    {
        await CommitAsync(Batch(0, 1, _ => null));
        await using var other = Store.OpenAnother();

        var stored = await Task.WhenAll(
            Task.Run(() => Store.DeadLetters.RetryAsync(Id(0), ClickAt(Noon), Cancellation)),
            Task.Run(() => other.DeadLetters.RetryAsync(Id(0), ClickAt(Noon), Cancellation)),
            Task.Run(() => other.DeadLetters.DiscardAsync(Id(0), Noon, Cancellation)));

        Assert.Single(stored, true);
        Assert.Single(await RecordsAsync());
    }

    [Fact]
    public async Task A_retried_click_behind_the_aggregation_is_folded_once()
    {
        await CommitAsync(Batch(0, 10, offset => offset == 4 ? null : ClickAt(Noon)));
        Assert.Equal(9, await FoldAllAsync());

        await Store.DeadLetters.RetryAsync(Id(4), ClickAt(Noon.AddSeconds(9), "bob"), Cancellation);

        Assert.Equal(1, await FoldAllAsync());
        Assert.Equal(0, await FoldAllAsync());
        var rollup = Assert.Single(await RollupsAsync());
        Assert.Equal((10, 2, Noon.AddSeconds(9)), (rollup.Clicks, rollup.UniqueUsers, rollup.LastClick));
        Assert.Equal(10, (await Store.Clicks.GetTotalsAsync(Cancellation)).Folded);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public async Task A_retried_click_in_front_of_the_aggregation_is_folded_once(int offset)
    {
        await CommitAsync(Batch(0, 10, at => at == offset ? null : ClickAt(Noon)));

        await Store.DeadLetters.RetryAsync(Id(offset), ClickAt(Noon), Cancellation);
        await Store.Rollups.FoldAsync(5, Noon, Cancellation);

        Assert.Equal(5, await FoldAllAsync(2));
        Assert.Equal(10, Assert.Single(await RollupsAsync()).Clicks);
    }

    [Fact]
    public async Task A_discarded_dead_letter_is_emptied_and_stays_accounted_for()
    {
        await CommitAsync(Batch(0, 3, _ => null));

        Assert.True(await Store.DeadLetters.DiscardAsync(Id(1), Noon, Cancellation));
        Assert.False(await Store.DeadLetters.DiscardAsync(Id(1), Noon, Cancellation));
        Assert.False(await Store.DeadLetters.RetryAsync(Id(1), ClickAt(Noon), Cancellation));

        Assert.Null(await Store.DeadLetters.FindAsync(Id(1), Cancellation));
        var record = (await RecordsAsync())[1];
        Assert.True(record.IsDeadLetter && record.IsDiscarded && record.DeadLetterPayload is null && record.Click is null);
        Assert.Equal((0, 2), await StoredAndDeadAsync());
        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        var partition = Assert.Single(await snapshot.GetPartitionsAsync(Cancellation));
        Assert.Empty(await snapshot.FindGapsAsync(partition, 10, Cancellation));
    }

    [Fact]
    public async Task A_failure_before_any_statement_of_a_retry_leaves_the_dead_letter()
    {
        await CommitAsync(Batch(0, 1, _ => null));

        for (var failAt = 1; ; failAt++)
        {
            Store.FailBefore = FailAt(failAt);
            try
            {
                await Store.DeadLetters.RetryAsync(Id(0), ClickAt(Noon), Cancellation);
                break;
            }
            catch (Exception exception) when (Store.IsOutage(exception))
            {
                Store.FailBefore = null;
                Assert.NotNull(await Store.DeadLetters.FindAsync(Id(0), Cancellation));
                Assert.Equal((0, 1), await StoredAndDeadAsync());
            }
        }

        Store.FailBefore = null;
        Assert.Equal((1, 0), await StoredAndDeadAsync());
    }

    private DeadLetterId Id(long offset, int partition = 0) => new(LogId, partition, offset);

    private async Task<(long Stored, long DeadLetters)> StoredAndDeadAsync()
    {
        var totals = await Store.Clicks.GetTotalsAsync(Cancellation);
        return (totals.Stored, totals.DeadLetters);
    }
}
