using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using Xunit;

namespace ClickOrleans.Conformance.Store;

/// <summary>The promises of <see cref="IStoreSnapshot"/>, each kind of damage done by hand.</summary>
public abstract class StoreAuditConformance : StoreConformance
{
    [Fact]
    public async Task A_sound_store_shows_nothing()
    {
        await FillAsync();

        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);

        foreach (var partition in await snapshot.GetPartitionsAsync(Cancellation))
        {
            Assert.Equal(partition.StoredRows, partition.Stored);
            Assert.Equal(partition.StoredRows, partition.Folded);
            Assert.Equal(partition.NextOffset, partition.FoldedOffset);
            Assert.Equal("clickstream", partition.Topic);
            Assert.NotEqual(Guid.Empty, partition.TopicId);
            Assert.Empty(await snapshot.FindGapsAsync(partition, 10, Cancellation));
            Assert.Empty(await snapshot.FindStrayOffsetsAsync(partition, 10, Cancellation));
        }

        Assert.Empty(await snapshot.RecountAsync(null, 0, 10, Cancellation));
        Assert.Empty(await snapshot.RecountAsync(3, 0, 10, Cancellation));
        Assert.Empty(await snapshot.RecountSeriesAsync(null, 10, Cancellation));
        Assert.Empty(await snapshot.RecountVisitorsAsync(10, Cancellation));
        Assert.Empty(await snapshot.RecountSeriesAsync(3, 10, Cancellation));
        Assert.Equal(new FoldedSums(54, 54, 18, 18, 9), await snapshot.GetFoldedSumsAsync(Cancellation));
    }

    [Fact]
    public async Task What_is_committed_later_is_not_seen()
    {
        await CommitAsync(Batch(0, 5));
        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);

        await CommitAsync(Batch(5, 9));
        await FoldAllAsync();

        var partition = Assert.Single(await snapshot.GetPartitionsAsync(Cancellation));
        Assert.Equal((5, 5, 0), (partition.NextOffset, partition.StoredRows, partition.FoldedOffset));
        Assert.Empty(await snapshot.FindGapsAsync(partition, 10, Cancellation));
        Assert.Equal(0, (await snapshot.GetFoldedSumsAsync(Cancellation)).RollupClicks);
    }

    [Theory]
    [InlineData("\"offset\" = 0", "0")]
    [InlineData("\"offset\" = 29", "29")]
    [InlineData("\"offset\" between 11 and 13", "11..13")]
    [InlineData("\"offset\" < 3", "0..2")]
    [InlineData("\"offset\" > 20", "21..24 26..29")]
    [InlineData("\"offset\" in (4, 6)", "4 6")]
    [InlineData("\"offset\" >= 0", "0..4 6..14 16..24 26..29")]
    public async Task Removed_clicks_are_gaps(string which, string gaps)
    {
        await FillAsync();

        await Store.ExecuteAsync($"delete from clickstream_data where partition = 0 and {which}");

        Assert.Equal(gaps, await GapsAsync());
        Assert.NotEmpty(await RecountAsync());
    }

    [Fact]
    public async Task A_removed_dead_letter_is_a_gap_discarded_or_not()
    {
        await FillAsync();

        await Store.ExecuteAsync("delete from dead_letters where partition = 0");

        Assert.Equal("5 15 25", await GapsAsync());
    }

    [Fact]
    public async Task A_gap_is_only_what_no_loss_or_dead_letter_covers()
    {
        var batch = Batch(0, 0);
        batch.NextOffset = 20;
        batch.DeadLetters.Add(LetterAt(7));
        await CommitAsync(batch);
        await Store.Clicks.AcceptLossAsync(LogId, 0, new OffsetRange(20, 30), Noon, Cancellation);
        batch = Batch(30, 30);
        batch.NextOffset = 32;
        await CommitAsync(batch);

        Assert.Equal("0..6 8..19 30..31", await GapsAsync());
        await Store.ExecuteAsync("delete from lost_ranges");
        Assert.Equal("0..6 8..31", await GapsAsync());
    }

    [Fact]
    public async Task Gaps_are_limited_in_order()
    {
        await FillAsync();
        await Store.ExecuteAsync("delete from clickstream_data where partition = 0 and \"offset\" in (1, 3, 9)");

        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        var partition = (await snapshot.GetPartitionsAsync(Cancellation))[0];

        Assert.Equal([new OffsetRange(1, 2), new OffsetRange(3, 4)], await snapshot.FindGapsAsync(partition, 2, Cancellation));
    }

    [Theory]
    [InlineData("update consumer_offsets set next_offset = 28 where partition = 0", "28,29")]
    [InlineData("update consumer_offsets set start_offset = 2 where partition = 0", "0,1")]
    [InlineData("update clickstream_data set \"offset\" = 99 where partition = 0 and \"offset\" = 8", "99")]
    [InlineData("update clickstream_data set \"offset\" = 15 where partition = 0 and \"offset\" = 8", "15")]
    [InlineData("update dead_letters set \"offset\" = 31 where partition = 0 and \"offset\" = 5", "31")]
    public async Task Rows_in_wrong_places_are_strays(string damage, string strays)
    {
        await FillAsync();

        await Store.ExecuteAsync(damage);

        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        var partition = (await snapshot.GetPartitionsAsync(Cancellation))[0];
        Assert.Equal(strays, string.Join(',', await snapshot.FindStrayOffsetsAsync(partition, 10, Cancellation)));
    }

    [Fact]
    public async Task A_partition_without_its_offset_is_still_named()
    {
        await FillAsync();

        await Store.ExecuteAsync("delete from consumer_offsets where partition = 1");

        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        var partition = (await snapshot.GetPartitionsAsync(Cancellation))[1];
        Assert.Equal((1, 27, 0), (partition.Partition, partition.StoredRows, partition.Stored));
        Assert.Equal(10, (await snapshot.FindStrayOffsetsAsync(partition, 10, Cancellation)).Count);
    }

    [Theory]
    [InlineData("update consumer_offsets set stored = stored + 1 where partition = 1")]
    [InlineData("update aggregation_offsets set folded = folded - 1 where partition = 1")]
    public async Task A_counter_that_is_off_is_seen_in_its_partition(string damage)
    {
        await FillAsync();

        await Store.ExecuteAsync(damage);

        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        var partitions = await snapshot.GetPartitionsAsync(Cancellation);
        Assert.Equal(partitions[0].Stored, partitions[0].Folded);
        Assert.NotEqual(partitions[1].Stored, partitions[1].Folded);
        Assert.Equal(27, partitions[1].StoredRows);
    }

    [Theory]
    [InlineData("update click_rollups set clicks = clicks + 1 where url = '/3'", "/3 clicks")]
    [InlineData("update click_rollups set unique_users = unique_users - 1 where url = '/3'", "/3 unique_users")]
    [InlineData("update click_rollups set first_click = '2001-01-01T00:00:00.000000Z' where url = '/3'", "/3 first_click")]
    [InlineData("update click_rollups set last_click = '2031-01-01T00:00:00.000000Z' where url = '/3'", "/3 last_click")]
    [InlineData("delete from click_rollups where url = '/3'", "/3 rollup")]
    [InlineData("update click_rollups set url = '/x' where url = '/3'", "/3 rollup, /x rollup")]
    [InlineData("update click_rollups set country = 'XX' where url = '/3'", "/3 rollup, /3 rollup")]
    [InlineData(
        "delete from click_visitors where visitor = (select max(visitor) from click_visitors) "
        + "and page_id = (select page_id from click_rollups where url = '/3')",
        "/3 visitors")]
    [InlineData(
        "update click_visitors set visitor = 7 where visitor = (select max(visitor) from click_visitors) "
        + "and page_id = (select page_id from click_rollups where url = '/3')",
        "/3 visitors")]
    [InlineData(
        "insert into click_visitors (page_id, visitor) select page_id, 7 from click_rollups where url = '/3'",
        "/3 visitors")]
    [InlineData(
        "update clickstream_data set url = '/4' where partition = 0 and \"offset\" = 3", "/3 clicks, /4 clicks, /4 first_click")]
    [InlineData(
        "update clickstream_data set user_id = 'eve' where partition = 0 and \"offset\" = 3", "/3 unique_users, /3 visitors")]
    public async Task What_was_altered_by_hand_is_named(string damage, string named)
    {
        await FillAsync();

        await Store.ExecuteAsync(damage);

        Assert.Equal(named, await RecountAsync());
    }

    [Fact]
    public async Task An_aggregation_offset_moved_by_hand_is_seen_in_the_sums()
    {
        await FillAsync();

        await Store.ExecuteAsync("update aggregation_offsets set next_offset = next_offset - 10 where partition = 0");

        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        var sums = await snapshot.GetFoldedSumsAsync(Cancellation);
        Assert.Equal((54, 45), (sums.RollupClicks, sums.FoldedClicks));
    }

    [Fact]
    public async Task A_retry_not_folded_yet_is_no_difference_until_it_is_forgotten()
    {
        await FillAsync();
        await Store.DeadLetters.RetryAsync(new DeadLetterId(LogId, 0, 15), ClickAt(Noon, url: "/new"), Cancellation);

        Assert.Equal("", await RecountAsync());
        await Store.ExecuteAsync("delete from retried_clicks");
        Assert.Equal("/new rollup", await RecountAsync());
    }

    [Fact]
    public async Task A_sample_names_missing_pages_and_differences_are_limited()
    {
        await FillAsync();

        await Store.ExecuteAsync("delete from click_rollups where url in ('/1', '/2', '/7')");

        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        Assert.Equal(3, (await snapshot.RecountAsync(1, 0, 10, Cancellation)).Count);
        Assert.Equal(2, (await snapshot.RecountAsync(null, 0, 2, Cancellation)).Count);
    }

    [Fact]
    public async Task A_sample_as_large_as_the_rollups_counts_them_all()
    {
        await FillAsync();
        await Store.ExecuteAsync("update click_rollups set clicks = clicks + 1");

        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);

        Assert.Equal(9, (await snapshot.RecountAsync(9, 0, 100, Cancellation)).Count);
        Assert.Equal(4, (await snapshot.RecountAsync(4, 0, 100, Cancellation)).Count);
    }

    [Fact]
    public async Task Another_phase_samples_other_rollups()
    {
        await FillAsync();
        await Store.ExecuteAsync("update click_rollups set clicks = clicks + 1");

        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        var named = new HashSet<string>();
        for (var phase = 0.0; phase < 1; phase += 0.1)
        {
            var found = await snapshot.RecountAsync(2, phase, 100, Cancellation);
            Assert.Equal(2, found.Count);
            named.UnionWith(found.Select(difference => difference.Url));
        }

        Assert.Equal(9, named.Count);
    }

    [Fact]
    public async Task Commits_that_follow_each_other_share_a_digest_of_their_clicks()
    {
        await FillAsync();
        await CommitAsync(Batch(30, 40));
        await Store.Clicks.AcceptLossAsync(LogId, 0, new OffsetRange(40, 50), Noon, Cancellation);
        await CommitAsync(Batch(50, 60));
        await Store.DeadLetters.RetryAsync(new DeadLetterId(LogId, 0, 15), ClickAt(Noon, url: "/new"), Cancellation);

        var digests = await DigestsAsync();

        // Another day begins another one.
        Assert.InRange(digests.Count, 2, 4);
        Assert.Equal([0, 50], [digests[0].Offsets.Start, digests[^1].Offsets.Start]);
        Assert.Equal(47, digests.Sum(digest => digest.Clicks));
        Assert.Equal(await DigestOfRecordsAsync(), digests.Aggregate(0L, (digest, kept) => digest ^ kept.Digest));
    }

    [Theory]
    [InlineData("update clickstream_data set user_id = 'eve' where partition = 0 and \"offset\" = 3")]
    [InlineData("update clickstream_data set url = '/4' where partition = 0 and \"offset\" = 3")]
    [InlineData("update clickstream_data set \"offset\" = 15 where partition = 0 and \"offset\" = 8")]
    [InlineData("delete from clickstream_data where partition = 0 and \"offset\" = 29")]
    public async Task Clicks_altered_by_hand_do_not_have_the_digest_of_their_commits(string damage)
    {
        await FillAsync();
        Assert.Equal(await DigestOfRecordsAsync(), (await DigestsAsync()).Aggregate(0L, (digest, kept) => digest ^ kept.Digest));

        await Store.ExecuteAsync(damage);

        Assert.NotEqual(
            await DigestOfRecordsAsync(), (await DigestsAsync()).Aggregate(0L, (digest, kept) => digest ^ kept.Digest));
    }

    /// <summary>
    /// Two partitions of 30 offsets: clicks on nine pages by two users each, dead letters at 5, 15, 25, one of them discarded.
    /// </summary>
    private async Task FillAsync()
    {
        for (var partition = 0; partition < 2; partition++)
        {
            await CommitAsync(Batch(
                0, 30,
                offset => offset % 10 == 5 ? null : ClickAt(Noon.AddMinutes(offset), $"user{offset / 10 % 2}", $"/{offset % 10}"),
                partition));
        }

        await FoldAllAsync();
        await CommitAsync(Batch(30, 30));
        await Store.DeadLetters.DiscardAsync(new DeadLetterId(LogId, 0, 25), Noon, Cancellation);
    }

    private async Task<string> GapsAsync()
    {
        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        var partition = (await snapshot.GetPartitionsAsync(Cancellation))[0];
        return string.Join(' ', await snapshot.FindGapsAsync(partition, 100, Cancellation));
    }

    private async Task<IReadOnlyList<StoredDigest>> DigestsAsync()
    {
        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        return await snapshot.GetDigestsAsync((await snapshot.GetPartitionsAsync(Cancellation))[0], Cancellation);
    }

    private async Task<long> DigestOfRecordsAsync() => (await RecordsAsync())
        .Where(record => record is { Click: not null, IsRetried: false })
        .Aggregate(0L, (digest, record) => digest ^ ClickDigest.Of(record.Offset, record.Click!));

    private async Task<string> RecountAsync()
    {
        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        var found = await snapshot.RecountAsync(null, 0, 100, Cancellation);
        return string.Join(", ", found.Select(difference => $"{difference.Url} {difference.Field}"));
    }
}
