using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Wire;
using Xunit;

namespace ClickOrleans.Conformance.Store;

/// <summary>The promises of <see cref="IClickStore"/>.</summary>
public abstract class ClickStoreConformance : StoreConformance
{
    [Fact]
    public async Task Rows_at_or_above_the_offset_are_told_when_the_partition_is_started_and_are_no_rejection()
    {
        await CommitAsync(Batch(0, 10, offset => offset == 9 ? null : ClickAt(Noon)));
        await Store.ExecuteAsync("update consumer_offsets set next_offset = 5 where partition = 0");

        var ahead = await Assert.ThrowsAsync<RowsAheadException>(
            () => Store.Clicks.StartPartitionAsync(LogId, 0, 0, Cancellation));
        Assert.Contains("is 5, but the store has rows up to offset 9", ahead.Message, StringComparison.Ordinal);
        var taken = await Assert.ThrowsAnyAsync<Exception>(() => Store.Clicks.CommitAsync(Batch(5, 12), Cancellation));
        Assert.IsNotType<RejectedByStoreException>(taken);
        Assert.Equal(10, (await RecordsAsync(end: 100)).Count);
        Assert.Equal(0, (await Store.Clicks.StartPartitionAsync(LogId, 1, 0, Cancellation)).NextOffset);
    }

    [Fact]
    public async Task A_log_registered_twice_keeps_its_number()
    {
        var log = new LogIdentity("clicks", Guid.NewGuid());

        var first = await Store.Clicks.RegisterLogAsync(log, Cancellation);
        var again = await Store.Clicks.RegisterLogAsync(log, Cancellation);

        Assert.Equal(first, again);
        Assert.NotEqual(LogId, first);
    }

    [Fact]
    public async Task A_topic_made_again_is_another_log()
    {
        var first = await Store.Clicks.RegisterLogAsync(new LogIdentity("clicks", Guid.NewGuid()), Cancellation);
        var second = await Store.Clicks.RegisterLogAsync(new LogIdentity("clicks", Guid.NewGuid()), Cancellation);

        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task A_log_registered_by_many_at_once_has_one_number()
    {
        var log = new LogIdentity("clicks", Guid.NewGuid());

        var numbers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => Store.Clicks.RegisterLogAsync(log, Cancellation))));

        Assert.Single(numbers.Distinct());
    }

    [Fact]
    public async Task A_partition_starts_at_its_earliest_offset_once()
    {
        Assert.Equal(40, (await Store.Clicks.StartPartitionAsync(LogId, 3, 40, Cancellation)).NextOffset);
        Assert.Equal(40, (await Store.Clicks.StartPartitionAsync(LogId, 3, 70, Cancellation)).NextOffset);
    }

    [Fact]
    public async Task A_batch_is_stored_as_it_was()
    {
        var click = ClickAt(Noon.AddTicks(10), "zoë 🙂", "/a?b='c'", "") with { City = "São Paulo" };
        var batch = Batch(0, 1, _ => click);
        batch.NextOffset = 4;
        batch.DeadLetters.Add(new DeadLetter(1, null, null, DeadLetterReason.Empty, "no value"));
        batch.DeadLetters.Add(new DeadLetter(3, [], [0, 255], DeadLetterReason.RejectedByStore, "'; drop"));

        await CommitAsync(batch);

        var records = await RecordsAsync();
        Assert.Equal([0L, 1, 3], records.Select(record => record.Offset));
        Assert.Equal(click, records[0].Click);
        Assert.Equal(DateTimeKind.Utc, records[0].Click!.Timestamp.Kind);
        Assert.Null(records[1].DeadLetterPayload);
        Assert.Equal([0, 255], records[2].DeadLetterPayload!);
        Assert.Equal(4, (await Store.Clicks.StartPartitionAsync(LogId, 0, 0, Cancellation)).NextOffset);
    }

    [Theory]
    [InlineData("1970-01-01T00:00:00.000000Z")]
    [InlineData("2026-02-28T23:59:59.999999Z")]
    [InlineData("9999-12-31T23:59:59.999999Z")]
    public async Task A_timestamp_keeps_its_microseconds(string text)
    {
        var at = DateTime.Parse(text, null, System.Globalization.DateTimeStyles.AdjustToUniversal);

        await CommitAsync(Batch(0, 1, _ => ClickAt(at)));
        await FoldAllAsync();

        Assert.Equal(at, Assert.Single(await RecordsAsync()).Click!.Timestamp);
        Assert.Equal(at, Assert.Single(await RollupsAsync()).LastClick);
    }

    [Fact]
    public async Task Commit_with_another_expected_offset_stores_nothing()
    {
        await CommitAsync(Batch(0, 10));

        Assert.False(await Store.Clicks.CommitAsync(Batch(5, 15), Cancellation));
        Assert.False(await Store.Clicks.CommitAsync(Batch(11, 15, _ => null), Cancellation));

        Assert.Equal(10, (await RecordsAsync()).Count);
        Assert.Equal(10, (await Store.Clicks.StartPartitionAsync(LogId, 0, 0, Cancellation)).NextOffset);
    }

    [Fact]
    public async Task Commit_with_another_revision_stores_nothing_and_with_none_is_not_compared()
    {
        await CommitAsync(Batch(0, 10, offset => offset == 4 ? null : ClickAt(Noon)));
        var revision = (await Store.Clicks.StartPartitionAsync(LogId, 0, 0, Cancellation)).Revision;
        await Store.DeadLetters.RetryAsync(new DeadLetterId(LogId, 0, 4), ClickAt(Noon), Cancellation);
        var batch = Batch(10, 15);

        batch.ExpectedRevision = revision;
        Assert.False(await Store.Clicks.CommitAsync(batch, Cancellation));
        Assert.Equal(10, (await RecordsAsync()).Count);
        batch.ExpectedRevision = (await Store.Clicks.StartPartitionAsync(LogId, 0, 0, Cancellation)).Revision;
        Assert.True(await Store.Clicks.CommitAsync(batch, Cancellation));
        Assert.NotEqual(revision, batch.ExpectedRevision);
        Assert.True(await Store.Clicks.CommitAsync(Batch(15, 16), Cancellation));
    }

    [Fact]
    public async Task Event_ids_are_read_by_range_and_by_offset()
    {
        var ids = Enumerable.Range(0, 6).Select(_ => Guid.NewGuid()).ToList();
        await CommitAsync(Batch(0, 6, offset => offset switch
        {
            1 => null,
            2 => ClickAt(Noon),
            _ => ClickAt(Noon) with { EventId = ids[(int)offset] },
        }));
        await CommitAsync(Batch(0, 2, _ => ClickAt(Noon) with { EventId = Guid.NewGuid() }, partition: 1));
        var read = new List<(long, Guid)>();

        await Store.Clicks.ReadEventIdsAsync(
            LogId, 0, new OffsetRange(0, 5), (offset, id) => read.Add((offset, id)), Cancellation);
        var found = await Store.Clicks.FindEventIdsAsync(LogId, 0, [0, 1, 2, 5, 6], Cancellation);

        Assert.Equal([(0L, ids[0]), (3L, ids[3]), (4L, ids[4])], read);
        Assert.Equal([(0L, ids[0]), (5L, ids[5])], found.OrderBy(id => id.Key).Select(id => (id.Key, id.Value)));
        Assert.Equal(ids[3], (await RecordsAsync())[3].Click!.EventId);
    }

    [Fact]
    public async Task A_duplicate_is_stored_with_the_batch_and_accounts_for_its_offset()
    {
        await CommitAsync(Batch(0, 3, _ => ClickAt(Noon) with { EventId = Guid.NewGuid() }));
        var batch = Batch(3, 4);
        batch.NextOffset = 6;
        batch.Duplicates.AddRange([new DuplicateClick(4, 1), new DuplicateClick(5, 3)]);

        Assert.True(await Store.Clicks.CommitAsync(batch, Cancellation));

        var records = await RecordsAsync();
        Assert.Equal([0L, 1, 2, 3, 4, 5], records.Select(record => record.Offset));
        Assert.Equal(new AuditedDuplicate(1, records[1].Click!.EventId), records[4].Duplicate);
        Assert.Equal(new AuditedDuplicate(3, null), records[5].Duplicate);
        var totals = await Store.Clicks.GetTotalsAsync(Cancellation);
        Assert.Equal((4, 2), (totals.Stored, totals.Duplicates));
        Assert.Equal(new StoreBalance(6, 4, 0, 0, 0, 2), await Store.Insight.GetBalanceAsync(Cancellation));
        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        var partition = Assert.Single(await snapshot.GetPartitionsAsync(Cancellation));
        Assert.Equal((2, 2), (partition.Duplicates, partition.DuplicateRows));
        Assert.Empty(await snapshot.FindGapsAsync(partition, 10, Cancellation));
        Assert.Empty(await snapshot.FindStrayOffsetsAsync(partition, 10, Cancellation));
    }

    [Fact]
    public async Task Commit_to_a_partition_never_started_stores_nothing()
    {
        Assert.False(await Store.Clicks.CommitAsync(Batch(0, 10), Cancellation));

        Assert.Empty(await RecordsAsync());
    }

    [Fact]
    public async Task An_empty_batch_moves_the_offset()
    {
        await CommitAsync(Batch(0, 0));
        var batch = Batch(0, 0);
        batch.NextOffset = 7;

        await CommitAsync(batch);

        Assert.Equal(7, (await Store.Clicks.StartPartitionAsync(LogId, 0, 0, Cancellation)).NextOffset);
    }

    [Fact]
    public async Task Two_committers_on_one_partition_neither_double_nor_skip()
    {
        await Store.Clicks.StartPartitionAsync(LogId, 0, 0, Cancellation);
        await using var other = Store.OpenAnother();

        var won = await Task.WhenAll(RaceAsync(Store, 17), RaceAsync(other, 23));

        var records = await RecordsAsync();
        Assert.Equal(
            Enumerable.Range(0, 2000).Select(offset => (long)offset),
            records.Select(record => record.Offset).Take(2000));
        Assert.Equal(records.Count, won.Sum());
        Assert.Equal(records.Count, (await Store.Clicks.GetTotalsAsync(Cancellation)).Stored);
    }

    [Fact]
    public async Task What_was_committed_is_there_after_a_restart()
    {
        await CommitAsync(Batch(0, 100, offset => offset % 10 == 0 ? null : ClickAt(Noon)));

        await using var again = Store.OpenAnother();
        await again.Schema.ApplyAsync(Cancellation);

        Assert.Equal(100, (await again.Clicks.StartPartitionAsync(LogId, 0, 0, Cancellation)).NextOffset);
        Assert.Equal(new StoreTotals(90, 10, 0, 0, 0, 0), await again.Clicks.GetTotalsAsync(Cancellation));
    }

    [Fact]
    public async Task A_failure_before_any_statement_of_a_commit_stores_nothing()
    {
        await CommitAsync(Batch(0, 3));

        for (var failAt = 1; ; failAt++)
        {
            Store.FailBefore = FailAt(failAt);
            try
            {
                await Store.Clicks.CommitAsync(Batch(3, 6, offset => offset == 4 ? null : ClickAt(Noon)), Cancellation);
                break;
            }
            catch (Exception exception) when (Store.IsOutage(exception))
            {
                Store.FailBefore = null;
                Assert.Equal(3, (await RecordsAsync()).Count);
                Assert.Equal(3, (await Store.Clicks.StartPartitionAsync(LogId, 0, 0, Cancellation)).NextOffset);
            }
        }

        Store.FailBefore = null;
        Assert.Equal(6, (await RecordsAsync()).Count);
    }

    [Fact]
    public async Task An_accepted_loss_moves_the_offset_and_is_no_gap()
    {
        await CommitAsync(Batch(0, 5));

        Assert.False(await Store.Clicks.AcceptLossAsync(LogId, 0, new OffsetRange(4, 9), Noon, Cancellation));
        Assert.True(await Store.Clicks.AcceptLossAsync(LogId, 0, new OffsetRange(5, 9), Noon, Cancellation));
        await CommitAsync(Batch(9, 12));

        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        var partition = Assert.Single(await snapshot.GetPartitionsAsync(Cancellation));
        Assert.Equal(12, partition.NextOffset);
        Assert.Empty(await snapshot.FindGapsAsync(partition, 10, Cancellation));
    }

    [Fact]
    public async Task Totals_sum_over_logs_and_partitions()
    {
        await CommitAsync(Batch(0, 5));
        await CommitAsync(Batch(0, 4, offset => offset < 2 ? null : ClickAt(Noon), partition: 1));
        var otherLog = await Store.Clicks.RegisterLogAsync(new LogIdentity("clickstream", Guid.NewGuid()), Cancellation);
        var batch = Batch(0, 3);
        batch.LogId = otherLog;
        await CommitAsync(batch);
        await FoldAllAsync();
        await CommitAsync(Batch(5, 6));

        Assert.Equal(new StoreTotals(11, 2, 10, 1, 0, 0), await Store.Clicks.GetTotalsAsync(Cancellation));
    }

    [Fact]
    public async Task Progress_names_each_partition_of_the_log()
    {
        await CommitAsync(Batch(0, 5, partition: 2));
        await Store.Clicks.StartPartitionAsync(LogId, 0, 30, Cancellation);
        await FoldAllAsync();
        await CommitAsync(Batch(5, 9, partition: 2));

        var progress = await Store.Clicks.GetProgressAsync(LogId, Cancellation);

        Assert.Equal([new PartitionProgress(0, 30, 30, 30), new PartitionProgress(2, 0, 9, 5)], progress);
        Assert.Empty(await Store.Clicks.GetProgressAsync(99, Cancellation));
    }

    private async Task<int> RaceAsync(StoreUnderTest store, int size)
    {
        await Task.Yield();
        var stored = 0;
        for (var next = 0L; next < 2000; next = (await store.Clicks.StartPartitionAsync(LogId, 0, 0, Cancellation)).NextOffset)
        {
            stored += await store.Clicks.CommitAsync(Batch(next, next + size), Cancellation) ? size : 0;
        }

        return stored;
    }
}
