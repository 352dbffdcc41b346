using ClickOrleans.Conformance.Index;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Verifying;
using ClickOrleans.Testing.InMemory.Index;
using NSubstitute;

namespace ClickOrleans.Pipeline.Tests.Verifying;

/// <summary>Three rollups of version 2, indexed, against an index that is altered.</summary>
public sealed class IndexCheckTests : IAsyncLifetime
{
    private readonly InMemoryClickIndex _index = new();
    private readonly IRollupStore _store = Substitute.For<IRollupStore>();
    private readonly List<Rollup> _rollups =
        [.. Enumerable.Range(1, 3).Select(page => Sample(page) with { IndexedVersion = 2 })];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store.ReadRollupsAsync(default, default, default).ReturnsForAnyArgs(call =>
            [.. _rollups.Where(rollup => rollup.PageId > call.ArgAt<long>(0)).Take(call.ArgAt<int>(1))]);
        _store.GetRejectedAsync(default, default).ReturnsForAnyArgs([]);
        await _index.OpenAsync(Cancellation);
        await _index.UpsertAsync([.. _rollups.Select(IndexDocument.From)], Cancellation);
    }

    public ValueTask DisposeAsync() => _index.DisposeAsync();

    [Fact]
    public async Task An_index_equal_to_the_rollups_is_clean()
    {
        var report = await RunAsync();

        Assert.True(report.IsClean);
        Assert.Empty(report.Notes);
        Assert.Equal(["3 rollups with the index's documents, version by version and field by field"], report.Compared);
    }

    [Fact]
    public async Task A_missing_document_of_an_indexed_rollup_is_a_difference()
    {
        _index.Remove(DocumentId.Of("/2", "NL"));

        Assert.Equal(
            ["click_events url '/2' country 'NL': the document is missing; version 2 was acknowledged"],
            (await RunAsync()).Differences);
    }

    [Fact]
    public async Task A_document_that_differs_in_content_is_a_difference()
    {
        _index.Overwrite(IndexDocument.From(_rollups[1] with { Clicks = 99 }));

        var difference = Assert.Single((await RunAsync()).Differences);
        Assert.StartsWith("click_events url '/2' country 'NL': the document says ", difference, StringComparison.Ordinal);
        Assert.Contains("Clicks = 99", difference, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_version_below_the_acknowledged_or_above_the_rollups_is_a_difference(long version)
    {
        _index.Overwrite(IndexDocument.From(_rollups[1] with { Version = version }));

        Assert.Equal(
            [
                $"click_events url '/2' country 'NL': the document has version {version}, the rollup has version 2, " +
                "of which version 2 is acknowledged",
            ],
            (await RunAsync()).Differences);
    }

    [Fact]
    public async Task Rollups_not_indexed_in_their_current_version_are_a_note()
    {
        _rollups[0] = _rollups[0] with { Version = 3, Clicks = 50 };
        _rollups.Add(Sample(4));

        var report = await RunAsync();

        Assert.True(report.IsClean);
        Assert.Equal(["2 rollups are not indexed in their current version yet"], report.Notes);
    }

    [Fact]
    public async Task Rollups_that_the_index_refuses_are_differences()
    {
        _rollups[0] = _rollups[0] with { Version = 3, Clicks = 50 };
        _rollups.Add(Sample(4));
        _store.GetRejectedAsync(default, default).ReturnsForAnyArgs(
            [new RejectedRollup("/1", "NL", 3, "mapping"), new RejectedRollup("/4", "NL", 2, "strict")]);

        var report = await RunAsync();

        Assert.Equal(
            [
                "click_events url '/1' country 'NL': the index refuses version 3: mapping",
                "click_events url '/4' country 'NL': the index refuses version 2: strict",
            ],
            report.Differences);
        Assert.Empty(report.Notes);
    }

    [Fact]
    public async Task A_document_without_a_rollup_is_a_difference()
    {
        _index.Overwrite(SampleDocuments.Of("/x", "XX"));

        Assert.Equal(
            [$"click_events url '/x' country 'XX': the document {DocumentId.Of("/x", "XX")} has no rollup"],
            (await RunAsync()).Differences);
    }

    [Fact]
    public async Task A_document_whose_rollup_was_added_while_the_check_ran_is_no_difference()
    {
        _index.Overwrite(IndexDocument.From(Sample(4)));
        var reads = 0;
        _store.ReadRollupsAsync(default, default, default).ReturnsForAnyArgs(call =>
        {
            // The first two reads give the three rollups and the end.
            var rollups = ++reads <= 2 ? _rollups : [.. _rollups, Sample(4)];
            return [.. rollups.Where(rollup => rollup.PageId > call.ArgAt<long>(0)).Take(call.ArgAt<int>(1))];
        });

        Assert.True((await RunAsync()).IsClean);
    }

    [Fact]
    public async Task A_difference_that_is_gone_when_it_is_read_again_does_not_count()
    {
        var stale = _rollups[1];
        _rollups[1] = stale with { Version = 3, IndexedVersion = 3, Clicks = 50 };
        _store.ReadRollupsAsync(1, 1, Arg.Any<CancellationToken>()).Returns(_ =>
        {
            // Meanwhile the aggregation has indexed it.
            _index.Overwrite(IndexDocument.From(_rollups[1]));
            return [_rollups[1]];
        });

        Assert.True((await RunAsync()).IsClean);
    }

    [Fact]
    public async Task Differences_beyond_the_limit_are_counted()
    {
        foreach (var rollup in _rollups)
        {
            _index.Remove(DocumentId.Of(rollup.Url, rollup.Country));
        }

        var report = await RunAsync(new VerifyOptions { MaxNamed = 1 });

        Assert.Equal(2, report.Differences.Count);
        Assert.Equal("click_events: 2 more documents differ", report.Differences[1]);
    }

    private static Rollup Sample(int page) => SampleDocuments.Rollup($"/{page}", "NL", clicks: page, version: 2, pageId: page);

    private async Task<VerifyReport> RunAsync(VerifyOptions? options = null)
    {
        var report = new VerifyReport();
        await new IndexCheck(_store, _index, options ?? new VerifyOptions(), report).RunAsync(Cancellation);
        return report;
    }
}
