using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Store;
using Xunit;

namespace ClickOrleans.Conformance.Store;

/// <summary>The promises of <see cref="IRollupStore"/>.</summary>
public abstract class RollupStoreConformance : StoreConformance
{
    [Fact]
    public async Task Nothing_new_folds_to_nothing()
    {
        Assert.Equal(new FoldResult(0, 0, More: false), await Store.Rollups.FoldAsync(100, Noon, Cancellation));
        await CommitAsync(Batch(0, 10));
        await FoldAllAsync();

        Assert.Equal(new FoldResult(0, 0, More: false), await Store.Rollups.FoldAsync(100, Noon, Cancellation));
        Assert.Equal(1, Assert.Single(await RollupsAsync()).Version);
    }

    [Fact]
    public async Task The_span_of_a_batch_is_kept_until_the_batch_is_folded()
    {
        const string First = "00-11111111111111111111111111111111-1111111111111111-01";
        const string Second = "00-22222222222222222222222222222222-2222222222222222-01";
        await CommitAsync(Traced(0, 10, First));
        Assert.Equal([First], await Store.Rollups.GetUnfoldedTracesAsync(10, Cancellation));

        await CommitAsync(Batch(10, 20));
        Assert.Equal([First], await Store.Rollups.GetUnfoldedTracesAsync(10, Cancellation));

        await CommitAsync(Traced(0, 5, Second, partition: 1));
        Assert.Equal([First, Second], await Store.Rollups.GetUnfoldedTracesAsync(10, Cancellation));
        Assert.Equal([First], await Store.Rollups.GetUnfoldedTracesAsync(1, Cancellation));

        await FoldAllAsync();
        Assert.Empty(await Store.Rollups.GetUnfoldedTracesAsync(10, Cancellation));

        await CommitAsync(Batch(20, 30));
        Assert.Empty(await Store.Rollups.GetUnfoldedTracesAsync(10, Cancellation));
    }

    [Fact]
    public async Task A_commit_that_is_fenced_off_leaves_no_span()
    {
        await CommitAsync(Batch(0, 10));
        var late = Traced(5, 10, "00-11111111111111111111111111111111-1111111111111111-01");

        Assert.False(await Store.Clicks.CommitAsync(late, Cancellation));

        Assert.Empty(await Store.Rollups.GetUnfoldedTracesAsync(10, Cancellation));
    }

    [Fact]
    public async Task A_page_in_a_country_is_a_rollup_with_exact_users()
    {
        await CommitAsync(Batch(0, 6, offset => offset switch
        {
            0 => ClickAt(Noon.AddSeconds(50), "ann", "/a", "NL"),
            1 => ClickAt(Noon.AddSeconds(10), "bob", "/a", "NL"),
            2 => ClickAt(Noon.AddSeconds(20), "ann", "/a", "NL"),
            3 => ClickAt(Noon.AddSeconds(30), "ann", "/a", "BE"),
            4 => ClickAt(Noon.AddSeconds(40), "Ann", "/A", "NL"),
            _ => null,
        }));

        var result = await Store.Rollups.FoldAsync(100, Noon.AddDays(1), Cancellation);

        Assert.Equal(new FoldResult(5, 3, More: false), result);
        var rollups = await RollupsAsync();
        Assert.Equal([("/A", "NL"), ("/a", "BE"), ("/a", "NL")],
            rollups.Select(row => (row.Url, row.Country)).OrderBy(row => row.Url + row.Country, StringComparer.Ordinal));
        var rollup = rollups.Single(row => row is { Url: "/a", Country: "NL" });
        Assert.Equal((3, 2, 1, 0), (rollup.Clicks, rollup.UniqueUsers, rollup.Version, rollup.IndexedVersion));
        Assert.Equal((Noon.AddSeconds(10), Noon.AddSeconds(50)), (rollup.FirstClick, rollup.LastClick));
        Assert.Equal(Noon.AddDays(1), rollup.UpdatedAt);
        Assert.Equal(20, rollup.AverageTimeSeconds);
    }

    [Fact]
    public async Task A_later_fold_adds_to_the_rollup_and_counts_a_known_visitor_once()
    {
        await CommitAsync(Batch(0, 2, offset => ClickAt(Noon, $"user{offset}")));
        await FoldAllAsync();
        await CommitAsync(Batch(2, 5, offset => ClickAt(Noon.AddHours(offset - 3), $"user{offset % 3}")));

        await Store.Rollups.FoldAsync(100, Noon.AddDays(2), Cancellation);

        var rollup = Assert.Single(await RollupsAsync());
        Assert.Equal((5, 3, 2), (rollup.Clicks, rollup.UniqueUsers, rollup.Version));
        Assert.Equal((Noon.AddHours(-1), Noon.AddHours(1)), (rollup.FirstClick, rollup.LastClick));
        Assert.Equal(Noon.AddDays(2), rollup.UpdatedAt);
    }

    [Fact]
    public async Task A_rollup_not_touched_by_a_fold_keeps_its_version()
    {
        await CommitAsync(Batch(0, 1, _ => ClickAt(Noon, url: "/a")));
        await FoldAllAsync();
        await CommitAsync(Batch(1, 2, _ => ClickAt(Noon, url: "/b")));

        Assert.Equal(1, (await Store.Rollups.FoldAsync(100, Noon, Cancellation)).Rollups);

        Assert.All(await RollupsAsync(), rollup => Assert.Equal(1, rollup.Version));
    }

    [Fact]
    public async Task Chunks_are_bounded_and_say_that_more_is_to_come()
    {
        await CommitAsync(Batch(0, 100));
        await CommitAsync(Batch(0, 100, partition: 1));

        var result = await Store.Rollups.FoldAsync(10, Noon, Cancellation);

        Assert.InRange(result.Clicks, 1, 10);
        Assert.True(result.More);
        Assert.Equal(200 - result.Clicks, await FoldAllAsync(10));
        Assert.Equal(200, Assert.Single(await RollupsAsync()).Clicks);
    }

    [Fact]
    public async Task A_long_run_of_dead_letters_is_passed_over_in_one_chunk()
    {
        await CommitAsync(Batch(0, 1000, offset => offset is 0 or 999 ? ClickAt(Noon) : null));

        var result = await Store.Rollups.FoldAsync(10, Noon, Cancellation);

        Assert.Equal(new FoldResult(2, 1, More: false), result);
    }

    [Fact]
    public async Task Clicks_of_a_topic_made_again_are_added_to_those_of_the_old_one()
    {
        await CommitAsync(Batch(0, 10));
        await FoldAllAsync();
        var other = await Store.Clicks.RegisterLogAsync(
            new Pipeline.Log.LogIdentity("clickstream", Guid.NewGuid()), Cancellation);
        var batch = Batch(0, 5);
        batch.LogId = other;
        await CommitAsync(batch);

        Assert.Equal(5, await FoldAllAsync());
        Assert.Equal(15, Assert.Single(await RollupsAsync()).Clicks);
    }

    [Fact]
    public async Task Two_aggregations_at_once_count_each_click_once()
    {
        await CommitAsync(Batch(0, 1000, offset => ClickAt(Noon, $"user{offset % 300}", $"/{offset % 7}")));
        await CommitAsync(Batch(0, 1000, offset => ClickAt(Noon, $"user{offset % 300}", $"/{offset % 7}"), partition: 1));
        await using var other = Store.OpenAnother();

        var folded = await Task.WhenAll(FoldOnAsync(Store), FoldOnAsync(other));

        Assert.Equal(2000, folded.Sum());
        Assert.Equal(2000, (await RollupsAsync()).Sum(rollup => rollup.Clicks));
        Assert.Equal(1000, (await RollupsAsync()).Sum(rollup => rollup.UniqueUsers));
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_failure_before_any_statement_of_a_fold_folds_nothing()
    {
        await CommitAsync(Batch(0, 20, offset => offset == 3 ? null : ClickAt(Noon, $"user{offset % 4}", $"/{offset % 3}")));
        await FoldAllAsync();
        await Store.DeadLetters.RetryAsync(new DeadLetterId(LogId, 0, 3), ClickAt(Noon), Cancellation);
        await CommitAsync(Batch(20, 30, offset => ClickAt(Noon, $"user{offset % 7}", $"/{offset % 4}")));
        var before = await RollupsAsync();

        for (var failAt = 1; ; failAt++)
        {
            Store.FailBefore = FailAt(failAt);
            try
            {
                await Store.Rollups.FoldAsync(1000, Noon, Cancellation);
                break;
            }
            catch (Exception exception) when (Store.IsOutage(exception))
            {
                Store.FailBefore = null;
                Assert.Equal(before, await RollupsAsync());
            }
        }

        Store.FailBefore = null;
        Assert.Equal(30, (await RollupsAsync()).Sum(rollup => rollup.Clicks));
        await AssertSoundAsync();
    }

    [Fact]
    public async Task Unindexed_are_those_neither_acknowledged_nor_refused_in_their_current_version()
    {
        await FoldPagesAsync("/a", "/b", "/c");
        var rollups = await RollupsAsync();

        await Store.Rollups.MarkIndexedAsync(
            [new IndexedMark(rollups[0].PageId, 1, null), new IndexedMark(rollups[1].PageId, 1, "mapping")], Cancellation);

        Assert.Equal(rollups[2], Assert.Single(await Store.Rollups.GetUnindexedAsync(10, Cancellation)));
        Assert.Equal(
            [new RejectedRollup(rollups[1].Url, "NL", 1, "mapping")],
            await Store.Rollups.GetRejectedAsync(10, Cancellation));
        Assert.Equal(new StoreTotals(3, 0, 3, 3, 1, 1), await Store.Clicks.GetTotalsAsync(Cancellation));
    }

    [Fact]
    public async Task A_mark_never_moves_backwards_nor_beyond_the_version()
    {
        await FoldPagesAsync("/a");
        await FoldPagesAsync("/a");
        var page = Assert.Single(await RollupsAsync()).PageId;

        await Store.Rollups.MarkIndexedAsync([new IndexedMark(page, 3, null)], Cancellation);
        Assert.Equal(0, Assert.Single(await RollupsAsync()).IndexedVersion);
        await Store.Rollups.MarkIndexedAsync([new IndexedMark(page, 2, null)], Cancellation);
        await Store.Rollups.MarkIndexedAsync([new IndexedMark(page, 1, null), new IndexedMark(page, 1, "late")], Cancellation);
        await Store.Rollups.MarkIndexedAsync([new IndexedMark(page + 77, 1, null)], Cancellation);

        Assert.Equal(2, Assert.Single(await RollupsAsync()).IndexedVersion);
        Assert.Empty(await Store.Rollups.GetRejectedAsync(10, Cancellation));
        Assert.Empty(await Store.Rollups.GetUnindexedAsync(10, Cancellation));
    }

    [Fact]
    public async Task A_refused_rollup_is_tried_again_when_it_changes_and_cleared_when_acknowledged()
    {
        await FoldPagesAsync("/a");
        var page = Assert.Single(await RollupsAsync()).PageId;
        await Store.Rollups.MarkIndexedAsync([new IndexedMark(page, 1, "bad")], Cancellation);
        Assert.Empty(await Store.Rollups.GetUnindexedAsync(10, Cancellation));

        await FoldPagesAsync("/a");

        Assert.Equal(2, Assert.Single(await Store.Rollups.GetUnindexedAsync(10, Cancellation)).Version);
        Assert.Empty(await Store.Rollups.GetRejectedAsync(10, Cancellation));
        await Store.Rollups.MarkIndexedAsync([new IndexedMark(page, 2, null)], Cancellation);
        Assert.Equal(new StoreTotals(2, 0, 2, 1, 1, 0), await Store.Clicks.GetTotalsAsync(Cancellation));
    }

    [Fact]
    public async Task Refused_rollups_are_read_page_by_page_and_taken_later_as_they_are()
    {
        await FoldPagesAsync("/a", "/b", "/c", "/d");
        var rollups = await RollupsAsync();
        await Store.Rollups.MarkIndexedAsync(
            [.. rollups.Take(3).Select(rollup => new IndexedMark(rollup.PageId, 1, "bad"))], Cancellation);

        var first = await Store.Rollups.ReadRejectedAsync(0, 2, Cancellation);
        var second = await Store.Rollups.ReadRejectedAsync(first[^1].PageId, 2, Cancellation);

        Assert.Equal(rollups.Take(3), first.Concat(second));
        await Store.Rollups.MarkIndexedAsync(
            [new IndexedMark(rollups[1].PageId, 1, null), new IndexedMark(rollups[2].PageId, 1, "worse")], Cancellation);
        Assert.Equal([rollups[0], rollups[2]], await Store.Rollups.ReadRejectedAsync(0, 10, Cancellation));
        Assert.Equal(["bad", "worse"], (await Store.Rollups.GetRejectedAsync(10, Cancellation)).Select(row => row.Error).Order());
        Assert.Equal(new StoreTotals(4, 0, 4, 4, 1, 2), await Store.Clicks.GetTotalsAsync(Cancellation));
    }

    [Fact]
    public async Task An_acknowledgement_of_an_older_version_leaves_a_refusal_of_the_newer()
    {
        await FoldPagesAsync("/a");
        await FoldPagesAsync("/a");
        var page = Assert.Single(await RollupsAsync()).PageId;

        await Store.Rollups.MarkIndexedAsync([new IndexedMark(page, 2, "bad")], Cancellation);
        await Store.Rollups.MarkIndexedAsync([new IndexedMark(page, 1, null)], Cancellation);

        Assert.Equal("bad", Assert.Single(await Store.Rollups.GetRejectedAsync(10, Cancellation)).Error);
        Assert.Equal(1, Assert.Single(await RollupsAsync()).IndexedVersion);
    }

    [Fact]
    public async Task Another_index_takes_every_mark_back()
    {
        await Store.Rollups.UseIndexAsync("one", Cancellation);
        await FoldPagesAsync("/a", "/b");
        var rollups = await RollupsAsync();
        await Store.Rollups.MarkIndexedAsync(
            [new IndexedMark(rollups[0].PageId, 1, null), new IndexedMark(rollups[1].PageId, 1, "bad")], Cancellation);

        Assert.False(await Store.Rollups.UseIndexAsync("one", Cancellation));
        Assert.Empty(await Store.Rollups.GetUnindexedAsync(10, Cancellation));
        Assert.True(await Store.Rollups.UseIndexAsync("two", Cancellation));

        Assert.Equal(2, (await Store.Rollups.GetUnindexedAsync(10, Cancellation)).Count);
        Assert.Empty(await Store.Rollups.GetRejectedAsync(10, Cancellation));
        Assert.False(await Store.Rollups.UseIndexAsync("two", Cancellation));
    }

    [Fact]
    public async Task Reading_rollups_goes_page_by_page()
    {
        await FoldPagesAsync([.. Enumerable.Range(0, 25).Select(page => $"/{page}")]);

        var seen = new List<Rollup>();
        for (var last = 0L; ; last = seen[^1].PageId)
        {
            var page = await Store.Rollups.ReadRollupsAsync(last, 10, Cancellation);
            seen.AddRange(page);
            if (page.Count < 10)
            {
                break;
            }
        }

        Assert.Equal(25, seen.Count);
        Assert.Equal(seen.OrderBy(rollup => rollup.PageId), seen);
        Assert.Equal(25, seen.DistinctBy(rollup => rollup.Url).Count());
    }

    private static async Task<long> FoldOnAsync(StoreUnderTest store)
    {
        await Task.Yield();
        var clicks = 0L;
        while (true)
        {
            var result = await store.Rollups.FoldAsync(100, Noon, Cancellation);
            clicks += result.Clicks;
            if (!result.More)
            {
                return clicks;
            }
        }
    }

    private async Task FoldPagesAsync(params string[] urls)
    {
        var next = (await Store.Clicks.StartPartitionAsync(LogId, 0, 0, Cancellation)).NextOffset;
        await CommitAsync(Batch(next, next + urls.Length, offset => ClickAt(Noon, url: urls[offset - next])));
        await FoldAllAsync();
    }

    private async Task AssertSoundAsync()
    {
        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        Assert.Empty(await snapshot.RecountAsync(null, 0, 10, Cancellation));
        Assert.Empty(await snapshot.RecountSeriesAsync(null, 10, Cancellation));
        Assert.Empty(await snapshot.RecountVisitorsAsync(10, Cancellation));
        var sums = await snapshot.GetFoldedSumsAsync(Cancellation);
        Assert.Equal((sums.FoldedClicks, sums.Visitors), (sums.RollupClicks, sums.RollupUsers));
    }

    private ClickBatch Traced(long start, long end, string traceparent, int partition = 0)
    {
        var batch = Batch(start, end, partition: partition);
        batch.Traceparent = traceparent;
        return batch;
    }
}
