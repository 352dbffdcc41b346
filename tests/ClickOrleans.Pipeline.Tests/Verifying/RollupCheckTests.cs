using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Verifying;
using NSubstitute;

namespace ClickOrleans.Pipeline.Tests.Verifying;

public class RollupCheckTests
{
    private static readonly LogIdentity Log = new("clickstream", Guid.NewGuid());

    private readonly IStoreSnapshot _snapshot = Substitute.For<IStoreSnapshot>();

    public RollupCheckTests()
    {
        _snapshot.GetPartitionsAsync(default).ReturnsForAnyArgs([Samples.Partition(Log, 0, 3_000, folded: 3_000)]);
        _snapshot.GetFoldedSumsAsync(default).ReturnsForAnyArgs(new FoldedSums(3_000, 3_000, 500, 500, 40));
        _snapshot.RecountAsync(default, default, default, default).ReturnsForAnyArgs([]);
        _snapshot.RecountSeriesAsync(default, default, default).ReturnsForAnyArgs([]);
        _snapshot.RecountVisitorsAsync(default, default).ReturnsForAnyArgs([]);
    }

    [Fact]
    public async Task Rollups_that_add_up_are_clean_and_say_what_was_compared()
    {
        var report = await RunAsync();

        Assert.True(report.IsClean);
        Assert.Equal(
            [
                "the sum of 40 rollups with 3,000 folded clicks and 500 visitors",
                "every rollup with a recount of the clicks",
                "the hours of the site and of every page with a recount",
            ],
            report.Compared);
    }

    [Fact]
    public async Task A_partition_folded_beyond_what_is_stored_is_a_difference()
    {
        _snapshot.GetPartitionsAsync(default).ReturnsForAnyArgs([Samples.Partition(Log, 0, 3_000, folded: 3_001)]);

        Assert.Equal(
            ["clickstream partition 0: folded up to offset 3001, stored only up to 3000"], (await RunAsync()).Differences);
    }

    [Fact]
    public async Task Sums_of_clicks_and_users_that_differ_are_named()
    {
        _snapshot.GetFoldedSumsAsync(default).ReturnsForAnyArgs(new FoldedSums(2_999, 3_000, 501, 500, 40));

        Assert.Equal(
            [
                "click_rollups: the sum of the rollups is 2,999 clicks, 3,000 are folded",
                "click_rollups: the sum of the rollups is 501 unique users, click_visitors has 500 rows",
            ],
            (await RunAsync()).Differences);
    }

    [Fact]
    public async Task An_hour_that_differs_from_the_recount_is_named()
    {
        var hour = new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);
        _snapshot.RecountSeriesAsync(default, default, default).ReturnsForAnyArgs(
            [new SeriesDifference(0, null, null, hour, 8, 7), new SeriesDifference(4, "/a", "NL", hour, 0, 1)]);
        _snapshot.RecountVisitorsAsync(default, default).ReturnsForAnyArgs(
            [new VisitorDifference("site_days", hour.Date, 5, 4)]);

        Assert.Equal(
            [
                "click_series the site hour 2026-03-01T12:00:00Z: clicks is 8, recounted 7",
                "click_series url '/a' country 'NL' hour 2026-03-01T12:00:00Z: clicks is 0, recounted 1",
                "site_days of the site from 2026-03-01T00:00:00Z: visitors is 5, recounted 4",
            ],
            (await RunAsync()).Differences);
    }

    [Fact]
    public async Task A_rollup_that_differs_from_the_recount_is_named_with_its_field()
    {
        _snapshot.RecountAsync(default, default, default, default)
            .ReturnsForAnyArgs([new RollupDifference("/a", "NL", "clicks", "8", "7")]);

        Assert.Equal(["click_rollups url '/a' country 'NL': clicks is 8, recounted 7"], (await RunAsync()).Differences);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(3_000, null)]
    [InlineData(2_999, 200)]
    public async Task More_clicks_than_the_sample_are_recounted_for_some_rollups_only(long sample, int? pages)
    {
        await RunAsync(new VerifyOptions(sample) { MaxNamed = 7, Phase = 0.25 });

        await _snapshot.Received(1).RecountAsync(pages, 0.25, 7, Arg.Any<CancellationToken>());
    }

    private async Task<VerifyReport> RunAsync(VerifyOptions? options = null)
    {
        var report = new VerifyReport();
        await new RollupCheck(_snapshot, options ?? new VerifyOptions(), report).RunAsync(TestContext.Current.CancellationToken);
        return report;
    }
}
