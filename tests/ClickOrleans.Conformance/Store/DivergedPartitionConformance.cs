using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using Xunit;

namespace ClickOrleans.Conformance.Store;

/// <summary>The promises of <see cref="IClickStore"/> about partitions whose log went back.</summary>
public abstract class DivergedPartitionConformance : StoreConformance
{
    private static readonly RecordMark Last = new(9, 4, long.MinValue + 7);

    [Fact]
    public async Task The_last_record_is_kept_beside_the_offset_until_a_batch_brings_another()
    {
        await CommitAsync(Batch(0, 10), Last);
        Assert.Equal(new StoredPosition(LogId, 0, 10, Last), await StartAsync());

        await CommitAsync(Batch(10, 11), null);
        Assert.Equal(new StoredPosition(LogId, 0, 11, Last), await StartAsync());

        var withoutEpoch = new RecordMark(12, null, 3);
        await CommitAsync(Batch(11, 13), withoutEpoch);
        Assert.Equal(new StoredPosition(LogId, 0, 13, withoutEpoch), await StartAsync());
    }

    [Fact]
    public async Task A_commit_that_is_refused_leaves_the_last_record_as_it_was()
    {
        await CommitAsync(Batch(0, 10), Last);
        var batch = Batch(5, 15);
        batch.LastRecord = new RecordMark(14, 9, 9);

        Assert.False(await Store.Clicks.CommitAsync(batch, Cancellation));

        Assert.Equal(Last, (await StartAsync()).LastRecord);
    }

    [Fact]
    public async Task A_stopped_partition_takes_no_commit_whoever_tries_and_stays_stopped_across_restarts()
    {
        await CommitAsync(Batch(0, 10), Last);
        await CommitAsync(Batch(0, 3, partition: 1), null);

        Assert.True(await StopAsync(10, 9));

        await using var again = Store.OpenAnother();
        await again.Schema.ApplyAsync(Cancellation);
        Assert.False(await again.Clicks.CommitAsync(Batch(10, 11), Cancellation));
        Assert.False(await again.Clicks.AcceptLossAsync(LogId, 0, new OffsetRange(10, 20), Noon, Cancellation));
        Assert.Equal(
            new StoredPosition(LogId, 0, 10, Last, DivergedOffset: 9),
            await again.Clicks.StartPartitionAsync(LogId, 0, 0, Cancellation));
        Assert.Equal([9L, null], (await again.Clicks.GetProgressAsync(LogId, Cancellation)).Select(row => row.DivergedOffset));
        Assert.Equal([9L, null], (await PartitionsAsync()).Select(row => row.DivergedOffset));
        Assert.Equal(13, (await again.Clicks.GetTotalsAsync(Cancellation)).Stored);
        await CommitAsync(Batch(3, 4, partition: 1), null);
    }

    [Fact]
    public async Task Only_a_partition_that_has_not_moved_is_stopped_and_its_first_reason_counts()
    {
        await CommitAsync(Batch(0, 10), Last);

        Assert.False(await StopAsync(9, 8));
        Assert.Null((await StartAsync()).DivergedOffset);

        Assert.True(await StopAsync(10, 7));
        Assert.True(await StopAsync(10, 5));
        Assert.Equal(7, (await StartAsync()).DivergedOffset);
    }

    [Fact]
    public async Task A_partition_that_is_not_stopped_or_has_moved_is_neither_accepted_nor_adopted()
    {
        await CommitAsync(Batch(0, 10), Last);
        var position = await StartAsync();

        Assert.False(await AcceptAsync(position, new OffsetRange(5, 10)));
        Assert.False(await AdoptAsync(position, 5));
        await StopAsync(10, 9);
        Assert.False(await AcceptAsync(position with { NextOffset = 9 }, new OffsetRange(5, 9)));
        Assert.False(await AdoptAsync(position with { NextOffset = 9 }, 5));

        Assert.Equal(position with { DivergedOffset = 9 }, await StartAsync());
        Assert.Null(Assert.Single(await PartitionsAsync()).ReplacedFrom);
    }

    [Fact]
    public async Task An_accepted_divergence_lets_the_partition_go_on_at_its_offset_and_is_remembered()
    {
        await CommitAsync(Batch(0, 10), Last);
        await StopAsync(10, 9);
        var found = new RecordMark(9, 5, 1);

        Assert.True(await AcceptAsync(await StartAsync(), new OffsetRange(6, 10), found));

        Assert.Equal(new StoredPosition(LogId, 0, 10, found), await StartAsync());
        Assert.Equal([new DivergedRange(new OffsetRange(6, 10), Noon)], await DivergedAsync());
        await CommitAsync(Batch(10, 12), null);
        Assert.Equal(12, (await RecordsAsync()).Count);
    }

    [Fact]
    public async Task A_log_that_is_whole_again_leaves_no_range()
    {
        await CommitAsync(Batch(0, 10), Last);
        await StopAsync(10, 9);

        Assert.True(await AcceptAsync(await StartAsync(), null, Last));

        Assert.Equal(new StoredPosition(LogId, 0, 10, Last), await StartAsync());
        Assert.Empty(await DivergedAsync());
    }

    [Fact]
    public async Task The_same_range_can_be_accepted_again()
    {
        await CommitAsync(Batch(0, 10), Last);
        for (var time = 0; time < 2; time++)
        {
            await StopAsync(10, 9);
            Assert.True(await AcceptAsync(await StartAsync(), new OffsetRange(6, 10)));
        }

        Assert.Equal(new OffsetRange(6, 10), (await DivergedAsync())[0].Offsets);
    }

    [Fact]
    public async Task An_adopted_partition_is_read_from_the_divergence_on_under_a_number_of_its_own()
    {
        await CommitAsync(Batch(0, 10), Last);
        await CommitAsync(Batch(0, 3, partition: 1), null);
        await FoldAllAsync();
        await StopAsync(10, 9);
        var before = new RecordMark(5, 1, 2);

        Assert.True(await AdoptAsync(await StartAsync(), 6, before));

        var adopted = await StartAsync();
        Assert.NotEqual(LogId, adopted.LogId);
        Assert.Equal(new StoredPosition(adopted.LogId, 6, 6, before), adopted);
        Assert.Equal(LogId, (await Store.Clicks.StartPartitionAsync(LogId, 1, 0, Cancellation)).LogId);
        Assert.False(await Store.Clicks.CommitAsync(Batch(10, 11), Cancellation));
        var batch = Batch(6, 12);
        batch.LogId = adopted.LogId;
        Assert.True(await Store.Clicks.CommitAsync(batch, Cancellation));
        Assert.Equal(6, await FoldAllAsync());
        Assert.Equal(19, (await Store.Clicks.GetTotalsAsync(Cancellation)).Stored);
        Assert.Equal(
            [new PartitionProgress(0, 6, 12, 12), new PartitionProgress(1, 0, 3, 3)],
            await Store.Clicks.GetProgressAsync(LogId, Cancellation));
    }

    [Fact]
    public async Task The_audit_says_which_offsets_of_the_log_an_adopted_partition_and_the_one_before_were_read_from()
    {
        await CommitAsync(Batch(0, 10), Last);
        await StopAsync(10, 9);
        await AdoptAsync(await StartAsync(), 6);

        var (before, adopted) = ((await PartitionsAsync())[0], (await PartitionsAsync())[1]);

        Assert.Equal((LogId, 6L), (before.LogId, before.ReplacedFrom));
        Assert.Equal((before.Topic, before.TopicId), (adopted.Topic, adopted.TopicId));
        Assert.Equal((6L, 6L, null), (adopted.StartOffset, adopted.NextOffset, adopted.ReplacedFrom));
    }

    [Fact]
    public async Task Partitions_that_leave_one_number_share_the_next_and_one_can_be_adopted_again()
    {
        foreach (var partition in new[] { 0, 1 })
        {
            await CommitAsync(Batch(0, 10, partition: partition), Last);
            await StopAsync(10, 9, partition);
            Assert.True(await AdoptAsync(await StartAsync(partition), 6, partition: partition));
        }

        var first = await StartAsync();
        Assert.Equal(first.LogId, (await StartAsync(1)).LogId);
        var batch = Batch(6, 8);
        batch.LogId = first.LogId;
        await Store.Clicks.CommitAsync(batch, Cancellation);
        Assert.True(await Store.Clicks.StopPartitionAsync(first.LogId, 0, 8, 7, Noon, Cancellation));
        Assert.True(await AdoptAsync(await StartAsync(), 4));

        Assert.Equal(3, new[] { LogId, first.LogId, (await StartAsync()).LogId }.Distinct().Count());
        Assert.Equal(first.LogId, (await StartAsync(1)).LogId);
        Assert.Equal(4, (await StartAsync()).NextOffset);
        Assert.Equal(
            [4L, 4L, null], (await PartitionsAsync()).Where(row => row.Partition == 0).Select(row => row.ReplacedFrom));
        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        Assert.Equal(
            [new((await StartAsync()).LogId, new(4, 4)), new(first.LogId, new(6, 4)), new(LogId, new(0, 4))],
            await snapshot.GetReadRangesAsync(LogId, 0, Cancellation));
        Assert.Equal(
            [new(first.LogId, new(6, 6)), new ReadRange(LogId, new(0, 6))],
            await snapshot.GetReadRangesAsync(LogId, 1, Cancellation));
    }

    [Fact]
    public async Task A_divergence_behind_an_adoption_is_accepted_under_both_numbers()
    {
        await CommitAsync(Batch(0, 10), Last);
        await StopAsync(10, 9);
        await AdoptAsync(await StartAsync(), 6);
        var adopted = await StartAsync();
        await Store.Clicks.StopPartitionAsync(adopted.LogId, 0, 6, 5, Noon, Cancellation);
        ReadRange[] diverged = [new(adopted.LogId, new(6, 8)), new(LogId, new(2, 6))];

        Assert.True(await Store.Clicks.AcceptDivergenceAsync(new(0, adopted, diverged, null, Noon), Cancellation));

        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        foreach (var partition in await snapshot.GetPartitionsAsync(Cancellation))
        {
            var range = Assert.Single(await snapshot.GetDivergedRangesAsync(partition, Cancellation));
            Assert.Equal(diverged.Single(range => range.LogId == partition.LogId).Offsets, range.Offsets);
        }
    }

    [Fact]
    public async Task Of_two_who_adopt_a_partition_at_once_one_does()
    {
        await CommitAsync(Batch(0, 10), Last);
        await StopAsync(10, 9);
        var position = await StartAsync();

        Assert.True(await AdoptAsync(position, 6));
        Assert.False(await AdoptAsync(position, 6));

        Assert.Equal(2, (await PartitionsAsync()).Count);
    }

    [Fact]
    public async Task A_failure_before_any_statement_of_an_adoption_changes_nothing()
    {
        await CommitAsync(Batch(0, 10), Last);
        await StopAsync(10, 9);
        var position = await StartAsync();

        for (var failAt = 1; ; failAt++)
        {
            Store.FailBefore = FailAt(failAt);
            try
            {
                await AdoptAsync(position, 6);
                break;
            }
            catch (Exception exception) when (Store.IsOutage(exception))
            {
                Store.FailBefore = null;
                Assert.Equal(position, await StartAsync());
            }
        }

        Store.FailBefore = null;
        Assert.Equal(6, (await StartAsync()).NextOffset);
    }

    private async Task CommitAsync(ClickBatch batch, RecordMark? last)
    {
        batch.LastRecord = last;
        await CommitAsync(batch);
    }

    private Task<StoredPosition> StartAsync(int partition = 0) =>
        Store.Clicks.StartPartitionAsync(LogId, partition, 0, Cancellation);

    private Task<bool> StopAsync(long nextOffset, long divergedOffset, int partition = 0) =>
        Store.Clicks.StopPartitionAsync(LogId, partition, nextOffset, divergedOffset, Noon, Cancellation);

    private Task<bool> AcceptAsync(StoredPosition stopped, OffsetRange? diverged, RecordMark? last = null)
    {
        ReadRange[] ranges = diverged is { } range ? [new(stopped.LogId, range)] : [];
        return Store.Clicks.AcceptDivergenceAsync(new(0, stopped, ranges, last, Noon), Cancellation);
    }

    private Task<bool> AdoptAsync(StoredPosition replaced, long from, RecordMark? last = null, int partition = 0) =>
        Store.Clicks.AdoptLogAsync(new PartitionAdoption(LogId, partition, replaced, from, last, Noon), Cancellation);

    private async Task<IReadOnlyList<AuditedPartition>> PartitionsAsync()
    {
        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        return await snapshot.GetPartitionsAsync(Cancellation);
    }

    private async Task<IReadOnlyList<DivergedRange>> DivergedAsync()
    {
        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        var partition = Assert.Single(await snapshot.GetPartitionsAsync(Cancellation));
        return await snapshot.GetDivergedRangesAsync(partition, Cancellation);
    }
}
