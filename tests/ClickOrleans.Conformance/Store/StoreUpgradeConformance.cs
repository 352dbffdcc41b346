using System.Globalization;
using ClickOrleans.Pipeline.Store;
using Xunit;

namespace ClickOrleans.Conformance.Store;

/// <summary>What a store becomes that a version without hashed visitors has filled, while the pipeline goes on.</summary>
public abstract class StoreUpgradeConformance : IAsyncLifetime
{
    private const int Clicks = 90;
    private const int Folded = 60;

    private static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    private StoreUnderTest _store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await CreateEarlierAsync();
        await FillAsync();
        await _store.Schema.ApplyAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>A new, empty store with the tables of the version before visitors were hashed.</summary>
    protected abstract Task<StoreUnderTest> CreateEarlierAsync();

    [Fact]
    public async Task Rollups_agree_with_a_recount_at_any_time_while_visitors_are_hashed()
    {
        await AssertAgreesAsync();
        await FoldAllAsync();
        await AssertAgreesAsync();
        while (await _store.Rollups.HashVisitorsAsync(Cancellation))
        {
            await AssertAgreesAsync();
        }

        await AssertAgreesAsync();
        Assert.Equal(Clicks, (await _store.Clicks.GetTotalsAsync(Cancellation)).Folded);
    }

    [Fact]
    public async Task Hours_are_filled_with_what_was_folded_before()
    {
        await FoldAllAsync();
        while (await _store.Rollups.HashVisitorsAsync(Cancellation))
        {
            await FoldAllAsync();
            await AssertAgreesAsync();
        }

        while (await _store.Rollups.FoldAsync(20, Noon, Cancellation) is { More: true } or { SeriesBehind: true })
        {
            await AssertAgreesAsync();
        }

        await AssertAgreesAsync();
        var hour = Assert.Single(
            await _store.Series.GetHoursAsync(SeriesScope.Site, Noon, Noon.AddDays(1), Cancellation));
        Assert.Equal(new HourlyClicks(Noon, Clicks, 7), hour);
    }

    [Fact]
    public async Task A_visitor_of_an_earlier_version_is_no_new_one()
    {
        await FoldAllAsync();
        var before = await RollupsAsync();
        await CommitAsync(Clicks, Clicks + 3);

        await FoldAllAsync();

        var after = await RollupsAsync();
        Assert.Equal(Clicks + 3, after.Sum(rollup => rollup.Clicks));
        Assert.Equal(before.Sum(rollup => rollup.UniqueUsers), after.Sum(rollup => rollup.UniqueUsers));
    }

    [Fact]
    public async Task The_partition_goes_on_where_it_was()
    {
        Assert.Equal(Clicks, (await _store.Clicks.StartPartitionAsync(1, 0, 0, Cancellation)).NextOffset);

        await CommitAsync(Clicks, Clicks + 10);

        await using var snapshot = await _store.Audit.OpenSnapshotAsync(Cancellation);
        var partition = Assert.Single(await snapshot.GetPartitionsAsync(Cancellation));
        Assert.Equal((Clicks + 10, Clicks + 10), (partition.Stored, partition.StoredRows));
        Assert.Empty(await snapshot.FindGapsAsync(partition, 10, Cancellation));
        Assert.Empty(await snapshot.FindStrayOffsetsAsync(partition, 10, Cancellation));
    }

    private static Pipeline.Click ClickAt(long offset) => new(
        $"user{offset % 7}", Noon.AddSeconds(offset), $"/{offset % 3}", "NL", "Utrecht", "Firefox", "Linux", "desktop");

    private async Task CommitAsync(long start, long end)
    {
        var key = await _store.Clicks.GetVisitorKeyAsync(Cancellation);
        var batch = new ClickBatch { LogId = 1, Partition = 0, ExpectedOffset = start, NextOffset = end };
        for (var offset = start; offset < end; offset++)
        {
            batch.Clicks.Add(offset, ClickAt(offset - start), key);
        }

        Assert.True(await _store.Clicks.CommitAsync(batch, Cancellation));
    }

    private async Task FoldAllAsync()
    {
        while ((await _store.Rollups.FoldAsync(20, Noon, Cancellation)).More)
        {
        }
    }

    private Task<IReadOnlyList<Rollup>> RollupsAsync() => _store.Rollups.ReadRollupsAsync(0, 1000, Cancellation);

    private async Task AssertAgreesAsync()
    {
        await using var snapshot = await _store.Audit.OpenSnapshotAsync(Cancellation);
        Assert.Empty(await snapshot.RecountAsync(null, 0, 10, Cancellation));
        Assert.Empty(await snapshot.RecountSeriesAsync(null, 10, Cancellation));
        Assert.Empty(await snapshot.RecountVisitorsAsync(10, Cancellation));
        var sums = await snapshot.GetFoldedSumsAsync(Cancellation);
        Assert.Equal((sums.FoldedClicks, sums.Visitors), (sums.RollupClicks, sums.RollupUsers));
        foreach (var rollup in await RollupsAsync())
        {
            Assert.True((await _store.Insight.ExplainAsync(rollup.Url, rollup.Country, Cancellation))!.IsRight);
        }
    }

    /// <summary>As the version before would have: clicks, two thirds of them folded.</summary>
    private async Task FillAsync()
    {
        await _store.ExecuteAsync(
            "insert into click_logs (log_id, topic, topic_id) values (1, 'clickstream', '7d0ac4a5-0f0e-4d5b-9a52-1d8f2b0b8f7e')");
        await _store.ExecuteAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"insert into consumer_offsets (log_id, partition, start_offset, next_offset, stored) "
            + $"values (1, 0, 0, {Clicks}, {Clicks})"));
        var rows = Enumerable.Range(0, Clicks).Select(offset => ClickAt(offset)).Select((click, offset) =>
            $"(1, 0, {offset}, '{click.UserId}', '{click.Timestamp:yyyy-MM-ddTHH:mm:ss.ffffffZ}', '{click.Url}', 'NL', "
            + "'Utrecht', 'Firefox', 'Linux', 'desktop')");
        await _store.ExecuteAsync(
            "insert into clickstream_data (log_id, partition, \"offset\", user_id, \"timestamp\", url, country, city, browser, "
            + $"os, device) values {string.Join(", ", rows)}");
        await _store.ExecuteAsync(
            $"insert into aggregation_offsets (log_id, partition, next_offset, folded) values (1, 0, {Folded}, {Folded})");
        await _store.ExecuteAsync(
            "insert into click_rollups (page_id, url, country, clicks, unique_users, first_click, last_click, updated_at, "
            + "version) select min(\"offset\") + 1, url, country, count(*), count(distinct user_id), min(\"timestamp\"), "
            + $"max(\"timestamp\"), max(\"timestamp\"), 1 from clickstream_data where \"offset\" < {Folded} "
            + "group by url, country");
        await _store.ExecuteAsync(
            "insert into click_visitors (page_id, user_id) select distinct page_id, user_id from clickstream_data c "
            + $"join click_rollups r on r.url = c.url and r.country = c.country where \"offset\" < {Folded}");
        await _store.ExecuteAsync("update aggregation_state set rollups = 3");
    }
}
