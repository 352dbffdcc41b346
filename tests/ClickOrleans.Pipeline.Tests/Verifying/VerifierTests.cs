using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Verifying;
using ClickOrleans.Testing.InMemory.Index;
using ClickOrleans.Testing.InMemory.Log;
using ClickOrleans.Testing.InMemory.Store;
using Microsoft.Extensions.Time.Testing;
using static ClickOrleans.Pipeline.Tests.Verifying.Samples;

namespace ClickOrleans.Pipeline.Tests.Verifying;

/// <summary>All checks together, on in-memory ports: ten messages, of which the fifth is no click.</summary>
public sealed class VerifierTests : IAsyncLifetime
{
    private const int Count = 10;
    private const int Poison = 5;

    private static readonly byte[] NoClick = [1, 2, 3];

    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryClickIndex _index = new();
    private readonly InMemoryClickLog _log;
    private readonly InMemoryStore _store;
    private short _logId;

    public VerifierTests()
    {
        _log = new InMemoryClickLog(1, _time);
        _store = new InMemoryStore(_time);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var identity = await _log.OpenAsync(Cancellation);
        var values = Enumerable.Range(0, Count).Select(offset => offset == Poison ? NoClick : Value(offset));
        await _log.AppendAsync([.. values.Select(value => new LogMessage(null, value))], Cancellation);
        _logId = await _store.Clicks.RegisterLogAsync(identity, Cancellation);
        await _store.Clicks.StartPartitionAsync(_logId, 0, 0, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _index.DisposeAsync();
        await _log.DisposeAsync();
    }

    [Fact]
    public async Task A_pipeline_that_has_processed_everything_is_clean()
    {
        await StoreAsync(Enumerable.Range(0, Count));
        await FoldAsync();
        await IndexAsync();

        var report = await VerifyAsync();

        Assert.Empty(report.Differences);
        Assert.Empty(report.Notes);
        Assert.Equal(7, report.Compared.Count);
        Assert.Equal(
            "10 offsets of 1 partitions with the store: 9 clicks, 0 duplicates, " +
                "1 dead letters or accepted losses, 0 control records",
            report.Compared[0]);
        Assert.Equal("9 clicks with the digests kept with their commits", report.Compared[2]);
        Assert.Equal("the sum of 2 rollups with 9 folded clicks and 5 visitors", report.Compared[3]);
    }

    [Fact]
    public async Task A_click_that_was_skipped_is_lost()
    {
        await StoreAsync(Enumerable.Range(0, Count).Where(offset => offset != 7));
        await FoldAsync();
        await IndexAsync();

        Assert.Equal(["clickstream partition 0 offset 7: in the log, not in the store: lost"], (await VerifyAsync()).Differences);
    }

    [Fact]
    public async Task A_document_that_was_altered_is_named()
    {
        await StoreAsync(Enumerable.Range(0, Count));
        await FoldAsync();
        await IndexAsync();
        var document = (await _index.GetAsync([DocumentId.Of("/1", "NL")], Cancellation))[0]!;
        _index.Overwrite(document with { Clicks = 99 });

        var difference = Assert.Single((await VerifyAsync()).Differences);
        Assert.StartsWith("click_events url '/1' country 'NL': the document says ", difference, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_neither_folded_nor_indexed_yet_is_no_difference()
    {
        await StoreAsync(Enumerable.Range(0, Count));
        Assert.True((await VerifyAsync()).IsClean);

        await FoldAsync();
        var report = await VerifyAsync();

        Assert.True(report.IsClean);
        Assert.Equal(["2 rollups are not indexed in their current version yet"], report.Notes);
    }

    [Fact]
    public async Task An_outage_during_verification_is_no_difference_but_an_exception()
    {
        await StoreAsync(Enumerable.Range(0, Count));
        _index.Outage = new IOException("index unavailable");

        await Assert.ThrowsAsync<IOException>(VerifyAsync);
    }

    private async Task StoreAsync(IEnumerable<int> offsets)
    {
        var batch = new ClickBatch { LogId = _logId, Partition = 0, ExpectedOffset = 0, NextOffset = Count };
        foreach (var offset in offsets)
        {
            if (offset == Poison)
            {
                batch.DeadLetters.Add(new DeadLetter(offset, null, NoClick, DeadLetterReason.MalformedJson, "no JSON"));
            }
            else
            {
                batch.Clicks.Add(offset, ClickAt(offset), default(VisitorKey));
            }
        }

        Assert.True(await _store.Clicks.CommitAsync(batch, Cancellation));
    }

    private async Task FoldAsync()
    {
        while ((await _store.Rollups.FoldAsync(4, Noon, Cancellation)).More)
        {
        }
    }

    private async Task IndexAsync()
    {
        await _index.OpenAsync(Cancellation);
        var rollups = await _store.Rollups.GetUnindexedAsync(100, Cancellation);
        await _index.UpsertAsync([.. rollups.Select(IndexDocument.From)], Cancellation);
        var marks = rollups.Select(rollup => new IndexedMark(rollup.PageId, rollup.Version, null));
        await _store.Rollups.MarkIndexedAsync([.. marks], Cancellation);
    }

    private Task<VerifyReport> VerifyAsync() =>
        new Verifier(_log, _store.Audit, _store.Rollups, _index, _time).RunAsync(new VerifyOptions(), Cancellation);
}
