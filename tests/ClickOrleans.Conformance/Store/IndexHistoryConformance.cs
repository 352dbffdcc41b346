using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;
using Xunit;

namespace ClickOrleans.Conformance.Store;

/// <summary>What a store promises about noticing that it, or the index, went back to an earlier time.</summary>
public abstract class IndexHistoryConformance : StoreConformance
{
    private const long Epoch1 = 1L << RollupVersion.CountBits;

    [Fact]
    public async Task A_sequence_grows_above_the_stores_and_the_indexs()
    {
        var token = Guid.NewGuid();

        Assert.Equal(new IndexState(1, token, 0), await Store.Rollups.AdvanceHistoryAsync(0, token, Cancellation));
        Assert.Equal(2, (await Store.Rollups.AdvanceHistoryAsync(1, Guid.NewGuid(), Cancellation)).Sequence);
        Assert.Equal(3, (await Store.Rollups.AdvanceHistoryAsync(0, Guid.NewGuid(), Cancellation)).Sequence);
        Assert.Equal(778, (await Store.Rollups.AdvanceHistoryAsync(777, Guid.NewGuid(), Cancellation)).Sequence);
    }

    [Fact]
    public async Task The_state_written_last_is_the_same_history()
    {
        Assert.Equal(IndexHistory.None, await CompareAsync(null));
        await FoldPagesAsync("/a", "/b");
        var first = await AdvanceAsync();
        await MarkAllAsync();

        Assert.Equal(IndexHistory.Same, await CompareAsync(first));

        // Not confirmed: it is not known whether the index has it.
        var second = await Store.Rollups.AdvanceHistoryAsync(first.Sequence, Guid.NewGuid(), Cancellation);
        Assert.Equal(IndexHistory.Same, await CompareAsync(first));
        Assert.Equal(IndexHistory.Same, await CompareAsync(second));
        Assert.Empty(await Store.Rollups.GetUnindexedAsync(10, Cancellation));
    }

    [Fact]
    public async Task An_earlier_state_or_none_is_an_index_that_went_back()
    {
        await FoldPagesAsync("/a", "/b");
        var first = await AdvanceAsync();
        await AdvanceAsync();
        foreach (var found in new[] { first, null })
        {
            await MarkAllAsync();
            Assert.Empty(await Store.Rollups.GetUnindexedAsync(10, Cancellation));

            Assert.Equal(IndexHistory.IndexWentBack, await CompareAsync(found));

            Assert.Equal([1L, 1L], (await Store.Rollups.GetUnindexedAsync(10, Cancellation)).Select(rollup => rollup.Version));
        }
    }

    [Fact]
    public async Task A_state_that_the_store_does_not_know_raises_every_version_to_a_higher_epoch()
    {
        await FoldPagesAsync("/a", "/b");
        await FoldPagesAsync("/a");
        var known = await AdvanceAsync();
        await MarkAllAsync();

        Assert.Equal(IndexHistory.StoreWentBack, await CompareAsync(known with { Token = Guid.NewGuid() }));

        Assert.Equal([Epoch1 + 1, Epoch1 + 2], await UnindexedVersionsAsync());
        await FoldPagesAsync("/a", "/new");
        Assert.Equal([Epoch1 + 1, Epoch1 + 1, Epoch1 + 3], await UnindexedVersionsAsync());
        Assert.Equal(1, (await AdvanceAsync(known.Sequence)).Epoch);

        var first = (await RollupsAsync()).Single(rollup => rollup.Url == "/a");
        await Store.Rollups.RaiseVersionsAsync([new VersionRaise(first.PageId, Epoch1 + 3, 40 * Epoch1)], Cancellation);
        Assert.Equal(IndexHistory.StoreWentBack, await CompareAsync(new IndexState(10_000, Guid.NewGuid(), 6)));

        Assert.Equal([(7 * Epoch1) + 1, (7 * Epoch1) + 1, (41 * Epoch1) + 1], await UnindexedVersionsAsync());
        Assert.Equal(new IndexState(10_001, default, 7), (await AdvanceAsync(10_000)) with { Token = default });
    }

    [Fact]
    public async Task Only_an_index_that_had_a_state_before_the_store_had_any_is_kept()
    {
        await Store.Rollups.UseIndexAsync("first", Cancellation);
        Assert.Equal(IndexHistory.None, await CompareAsync(null));
        Assert.Null(await Store.Rollups.GetKeptIndexAsync(Cancellation));

        var others = new IndexState(5, Guid.NewGuid(), 0);
        Assert.Equal(IndexHistory.StoreWentBack, await CompareAsync(others));
        Assert.Equal("first", await Store.Rollups.GetKeptIndexAsync(Cancellation));

        // From now on the store knows what it wrote: it went back, and the documents are its own.
        await AdvanceAsync(others.Sequence);
        await Store.Rollups.UseIndexAsync("second", Cancellation);
        Assert.Equal(IndexHistory.StoreWentBack, await CompareAsync(others));
        Assert.Equal("first", await Store.Rollups.GetKeptIndexAsync(Cancellation));
    }

    [Fact]
    public async Task An_epoch_that_no_store_can_have_reached_says_nothing()
    {
        await FoldPagesAsync("/a");

        Assert.Equal(IndexHistory.StoreWentBack, await CompareAsync(new IndexState(5, Guid.NewGuid(), long.MaxValue)));

        Assert.Equal([Epoch1 + 1], await UnindexedVersionsAsync());
    }

    [Fact]
    public async Task Ten_thousand_states_are_remembered()
    {
        var first = await AdvanceAsync();
        var second = await AdvanceAsync();
        await AdvanceAsync(10_001);

        Assert.Equal(IndexHistory.StoreWentBack, await CompareAsync(first));
        Assert.Equal(IndexHistory.IndexWentBack, await CompareAsync(second));
    }

    [Fact]
    public async Task A_version_is_raised_above_a_documents_unless_the_rollup_has_moved_on()
    {
        await FoldPagesAsync("/a", "/b");
        await FoldPagesAsync("/b");
        await MarkAllAsync();
        var rollups = (await RollupsAsync()).ToDictionary(rollup => rollup.Url);

        await Store.Rollups.RaiseVersionsAsync(
            [new VersionRaise(rollups["/a"].PageId, 1, 17), new VersionRaise(rollups["/b"].PageId, 1, 17)], Cancellation);

        var raised = Assert.Single(await Store.Rollups.GetUnindexedAsync(10, Cancellation));
        Assert.Equal(("/a", 18), (raised.Url, raised.Version));
        await Store.Rollups.RaiseVersionsAsync([new VersionRaise(raised.PageId, 18, 3)], Cancellation);
        Assert.Equal(19, Assert.Single(await Store.Rollups.GetUnindexedAsync(10, Cancellation)).Version);
    }

    [Fact]
    public async Task A_mark_is_taken_back_unless_the_rollup_has_moved_on()
    {
        await FoldPagesAsync("/a", "/b", "/c");
        await MarkAllAsync();
        var marks = (await RollupsAsync()).Where(rollup => rollup.Url != "/c")
            .Select(rollup => new RollupMark(rollup.PageId, rollup.Version)).ToList();
        await FoldPagesAsync("/b");

        await Store.Rollups.UnmarkAsync(marks, Cancellation);

        var unindexed = (await Store.Rollups.GetUnindexedAsync(10, Cancellation)).OrderBy(rollup => rollup.Url);
        Assert.Equal([("/a", 0L), ("/b", 1L)], unindexed.Select(rollup => (rollup.Url, rollup.IndexedVersion)));
    }

    [Fact]
    public async Task A_failure_before_any_statement_leaves_the_versions_and_the_epoch_as_they_were()
    {
        await FoldPagesAsync("/a", "/b");
        var before = await RollupsAsync();
        for (var failAt = 1; ; failAt++)
        {
            Store.FailBefore = FailAt(failAt);
            try
            {
                await CompareAsync(new IndexState(5, Guid.NewGuid(), 0));
                break;
            }
            catch (Exception exception) when (Store.IsOutage(exception))
            {
                Store.FailBefore = null;
                Assert.Equal(before, await RollupsAsync());
            }
        }

        Store.FailBefore = null;
        Assert.Equal([Epoch1 + 1, Epoch1 + 1], await UnindexedVersionsAsync());
    }

    private Task<IndexHistory> CompareAsync(IndexState? found) => Store.Rollups.CompareHistoryAsync(found, Cancellation);

    /// <summary>Draws a state that the index then has.</summary>
    private async Task<IndexState> AdvanceAsync(long indexSequence = 0)
    {
        var state = await Store.Rollups.AdvanceHistoryAsync(indexSequence, Guid.NewGuid(), Cancellation);
        await Store.Rollups.ConfirmHistoryAsync(state.Sequence, Cancellation);
        return state;
    }

    private async Task<IEnumerable<long>> UnindexedVersionsAsync() =>
        (await Store.Rollups.GetUnindexedAsync(10, Cancellation)).Select(rollup => rollup.Version).Order();

    private async Task MarkAllAsync() => await Store.Rollups.MarkIndexedAsync(
        [.. (await RollupsAsync()).Select(rollup => new IndexedMark(rollup.PageId, rollup.Version, null))], Cancellation);

    private async Task FoldPagesAsync(params string[] urls)
    {
        var next = (await Store.Clicks.StartPartitionAsync(LogId, 0, 0, Cancellation)).NextOffset;
        await CommitAsync(Batch(next, next + urls.Length, offset => ClickAt(Noon, url: urls[offset - next])));
        await FoldAllAsync();
    }
}
