using ClickOrleans.Conformance.Index;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Indexing;
using ClickOrleans.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Pipeline.Tests.Indexing;

/// <summary>What the index has against single documents, and against all of them.</summary>
public sealed class RefusalTests
{
    private const string Mapping = "mapping set to strict";

    private readonly InMemoryRollupStore _rollups = new();
    private readonly ScriptedIndex _index = new();
    private readonly InstantTime _time = new();
    private readonly IndexerOptions _options = new() { FirstBatch = 100, LargestBatch = 200, SmallestBatch = 10 };
    private readonly Indexer _indexer;

    public RefusalTests() =>
        _indexer = new Indexer(_rollups, _index, _options, StageContexts.At(_time), NullLogger<Indexer>.Instance);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refused_document_is_recorded_named_as_an_error_and_harms_no_neighbour()
    {
        _rollups.Fill(5);
        Refuse(document => document.Url.EndsWith("page-3", StringComparison.Ordinal));

        var run = await IndexAsync();

        Assert.Equal((5, 4, 1), (run.Sent, run.Acknowledged, run.Rejected));
        Assert.Contains("url '/shop/page-3' country 'Country 3': mapping set to strict", run.Error, StringComparison.Ordinal);
        var rejected = Assert.Single(await _rollups.GetRejectedAsync(10, Token));
        Assert.Equal(("/shop/page-3", Mapping), (rejected.Url, rejected.Error));
    }

    [Fact]
    public async Task A_refused_document_is_sent_again_when_its_rollup_changes()
    {
        _rollups.Fill(3);
        Refuse(document => document is { Version: 1, Url: "/shop/page-1" or "/shop/page-2" });
        await IndexAsync();
        _rollups.Click(rollup => rollup.PageId == 2);

        Assert.Equal((1, 1), (await IndexAsync()) is var run ? (run.Sent, run.Acknowledged) : default);
        Assert.Equal("/shop/page-1", Assert.Single(await _rollups.GetRejectedAsync(10, Token)).Url);
    }

    [Fact]
    public async Task A_refused_document_that_does_not_change_is_sent_again_later_and_the_error_ends_when_it_is_taken()
    {
        _rollups.Fill(5);
        Refuse(document => document.Url.EndsWith("page-3", StringComparison.Ordinal));
        await IndexAsync();
        _index.Answer = null;

        var atOnce = await IndexAsync();
        _time.Advance(_options.RetryRejectedAfter);
        var later = await IndexAsync();

        Assert.Equal(0, atOnce.Sent);
        Assert.NotNull(atOnce.Error);
        Assert.Equal(new IndexRun(1, 1, 0, null), later);
        Assert.Empty(await _rollups.GetRejectedAsync(10, Token));
    }

    [Fact]
    public async Task While_the_index_goes_on_refusing_them_one_batch_is_sent_again_at_a_time()
    {
        _rollups.Fill(500);
        Refuse(document => document.Clicks % 10 != 0);
        await IndexAsync();

        _time.Advance(_options.RetryRejectedAfter);
        var first = await IndexAsync();
        Refuse(document => document.Clicks <= 200);
        _time.Advance(_options.RetryRejectedAfter);
        var second = await IndexAsync();

        Assert.Equal((200, 0), (first.Sent, first.Acknowledged));
        Assert.Equal((250, 250), (second.Sent, second.Acknowledged));
        Assert.Equal(200, (await _rollups.GetRejectedAsync(1000, Token)).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(1000)]
    public async Task When_an_index_refuses_every_document_alike_none_is_refused(int documents)
    {
        _rollups.Fill(documents);
        Refuse(_ => true);

        var run = await IndexAsync();

        var sent = Math.Min(documents, 200);
        Assert.Contains($"refuses every document ({sent} sent): {Mapping}", run.Error, StringComparison.Ordinal);
        Assert.Empty(await _rollups.GetRejectedAsync(10, Token));
        _index.Answer = null;
        Assert.Equal((documents, null), (await IndexAsync()) is var next ? (next.Acknowledged, next.Error) : default);
    }

    [Fact]
    public async Task A_batch_of_bad_documents_in_front_does_not_keep_the_others_from_the_index()
    {
        _rollups.Fill(300);
        Refuse(document => document.Clicks <= 150);

        var run = await IndexAsync();

        Assert.Equal((150, 150), (run.Acknowledged, run.Rejected));
    }

    private void Refuse(Func<IndexDocument, bool> which) =>
        _index.Answer = document => which(document) ? new IndexAnswer(IndexOutcome.Rejected, Mapping) : null;

    private Task<IndexRun> IndexAsync() => _indexer.IndexAsync(Token);
}
