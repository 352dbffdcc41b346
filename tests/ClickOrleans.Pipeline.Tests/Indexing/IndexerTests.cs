using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Indexing;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Testing;
using ClickOrleans.Conformance.Index;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Pipeline.Tests.Indexing;

public sealed class IndexerTests
{
    private readonly InMemoryRollupStore _rollups = new();
    private readonly ScriptedIndex _index = new();
    private readonly InstantTime _time = new();
    private readonly IndexerOptions _options = new() { FirstBatch = 100, LargestBatch = 200, SmallestBatch = 10 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_rollup_is_sent_once_and_marked()
    {
        _rollups.Fill(1234);

        var run = await IndexAsync();

        Assert.Equal(new IndexRun(1234, 1234, 0, null), run);
        AssertIndexed();
    }

    [Fact]
    public async Task Running_again_with_nothing_new_sends_nothing()
    {
        _rollups.Fill(50);
        await IndexAsync();
        _index.Batches.Clear();

        var run = await IndexAsync();

        Assert.Equal(new IndexRun(0, 0, 0, null), run);
        Assert.Empty(_index.Batches);
    }

    [Fact]
    public async Task Only_what_changed_is_sent_again()
    {
        _rollups.Fill(50);
        await IndexAsync();
        _rollups.Click(rollup => rollup.PageId is 7 or 8);

        var run = await IndexAsync();

        Assert.Equal(new IndexRun(2, 2, 0, null), run);
        AssertIndexed();
    }

    [Fact]
    public async Task A_conflict_with_the_document_that_was_sent_counts_as_acknowledged()
    {
        _rollups.Fill(3);
        _index.Answering = () =>
        {
            if (_index.Batches.Count == 1)
            {
                throw new IOException("connection reset");
            }
        };

        Assert.Equal(new IndexRun(6, 3, 0, null), await IndexAsync());
        Assert.All(_rollups.All, rollup => Assert.Equal((1, 1), (rollup.Version, rollup.IndexedVersion)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5_000)]
    [InlineData(RollupVersion.Highest)]
    public async Task Another_document_in_the_way_is_overwritten_by_a_higher_version(long version)
    {
        _rollups.Fill(3);
        var altered = IndexDocument.From(_rollups.All[1]) with { Clicks = 99, Version = version };
        _index.Documents[altered.Id] = altered;

        Assert.Equal(new IndexRun(4, 3, 0, null), await IndexAsync());

        Assert.Equal(version + 1, _rollups.All[1].Version);
        AssertIndexed();
    }

    [Fact]
    public async Task A_document_above_all_versions_is_deleted_and_written_again()
    {
        _rollups.Fill(3);
        var future = IndexDocument.From(_rollups.All[1]) with { Version = long.MaxValue };
        _index.Documents[future.Id] = future;

        Assert.Equal(new IndexRun(4, 3, 0, null), await IndexAsync());

        Assert.Equal([future], _index.Deleted);
        AssertIndexed();
    }

    [Fact]
    public async Task A_version_that_the_index_remembers_of_a_deleted_document_is_waited_out_by_later_runs()
    {
        _rollups.Fill(3);
        _index.Answer = document => document.Url.EndsWith("page-2", StringComparison.Ordinal)
            ? new IndexAnswer(IndexOutcome.VersionConflict)
            : null;

        var run = await IndexAsync();

        Assert.Contains("remembers higher versions of 1 deleted documents", run.Error, StringComparison.Ordinal);
        Assert.Equal((2, 8), (run.Acknowledged, run.Sent));
        _index.Answer = null;
        Assert.Equal(new IndexRun(1, 1, 0, null), await IndexAsync());
        AssertIndexed();
    }

    [Fact]
    public async Task After_push_back_only_the_items_pushed_back_are_sent_again()
    {
        _rollups.Fill(90);
        var pushedBack = new HashSet<string>();
        _index.Answer = document => _index.Batches.Count <= 2
            && long.Parse(document.Url.Split('-')[1]) % 3 == _index.Batches.Count
            && pushedBack.Add(document.Id)
            ? new IndexAnswer(IndexOutcome.Retryable, "429 es_rejected_execution_exception")
            : null;

        var run = await IndexAsync();

        Assert.Null(run.Error);
        Assert.Equal(90, run.Acknowledged);
        Assert.Equal(90 + pushedBack.Count, run.Sent);
        AssertIndexed();
        AssertNothingAcknowledgedWasSentAgain();
    }

    [Fact]
    public async Task Push_back_halves_the_batch_and_success_lets_it_grow_again()
    {
        _rollups.Fill(2000);
        _index.Answer = _ => _index.Batches.Count <= 5 ? new IndexAnswer(IndexOutcome.Retryable, "429") : null;

        await IndexAsync();

        Assert.Equal([100, 50, 25, 12, 10, 10, 30, 50, 70], _index.Batches.Take(9).Select(batch => batch.Count));
        Assert.Equal(200, _index.Batches.Max(batch => batch.Count));
    }

    [Fact]
    public async Task An_index_that_keeps_pushing_back_ends_the_run_with_its_words_and_the_next_run_goes_on()
    {
        _rollups.Fill(20);
        _index.Answer = document => document.Url.EndsWith('7') ? new IndexAnswer(IndexOutcome.Retryable, "429 too busy") : null;

        var run = await IndexAsync();

        Assert.Contains("429 too busy", run.Error, StringComparison.Ordinal);
        Assert.Equal(18, run.Acknowledged);
        AssertNothingAcknowledgedWasSentAgain();
        _index.Answer = null;
        Assert.Equal(new IndexRun(2, 2, 0, null), await IndexAsync());
        AssertIndexed();
    }

    [Fact]
    public async Task An_outage_that_ends_soon_is_waited_out()
    {
        _rollups.Fill(300);
        _index.Upserting = _ =>
        {
            if (_index.Batches.Count is 2 or 3)
            {
                throw new HttpRequestException("connection refused");
            }
        };

        var run = await IndexAsync();

        Assert.Equal((null, 300), (run.Error, run.Acknowledged));
        AssertIndexed();
        AssertNothingAcknowledgedWasSentAgain();
    }

    [Fact]
    public async Task An_outage_that_lasts_ends_the_run_with_an_error_and_refuses_nothing()
    {
        _rollups.Fill(300);
        _index.Opening = () => throw new HttpRequestException("connection refused");
        var started = _time.GetUtcNow();

        var run = await IndexAsync();

        Assert.Equal(new IndexRun(0, 0, 0, "connection refused"), run);
        Assert.InRange(_time.GetUtcNow() - started, TimeSpan.FromSeconds(5), _options.Timeout);
        Assert.Empty(await _rollups.GetRejectedAsync(10, Token));
        _index.Opening = null;
        Assert.Equal(300, (await IndexAsync()).Acknowledged);
    }

    [Fact]
    public async Task Patience_counts_from_the_last_progress()
    {
        _options.LargestBatch = _options.FirstBatch = _options.SmallestBatch = 10;
        _rollups.Fill(1000);
        _index.Upserting = _ =>
        {
            if (_index.Batches.Count % 2 == 0)
            {
                throw new HttpRequestException("every other one");
            }

            _time.Advance(_options.Timeout / 2);
        };

        Assert.Equal((null, 1000), ((await IndexAsync()) is var run ? run.Error : "", run.Acknowledged));
    }

    [Fact]
    public async Task A_setup_error_ends_the_run_at_once()
    {
        _rollups.Fill(3);
        _index.Opening = () => throw new IndexSetupException("the password is wrong");

        Assert.Equal(new IndexRun(0, 0, 0, "the password is wrong"), await IndexAsync());
        Assert.Equal(1, _index.Opened);
    }

    [Fact]
    public async Task Another_index_is_filled_from_all_rollups()
    {
        _rollups.Fill(120);
        await IndexAsync();
        _index.Identity = "second";
        _index.Documents.Clear();

        Assert.Equal(new IndexRun(120, 120, 0, null), await IndexAsync());
        AssertIndexed();
    }

    [Fact]
    public async Task An_index_replaced_in_the_middle_of_a_run_is_filled_in_the_same_run()
    {
        _rollups.Fill(250);
        _index.Answering = () =>
        {
            if (_index.Batches.Count == 2)
            {
                _index.Identity = "second";
                _index.Documents.Clear();
            }
        };

        var run = await IndexAsync();

        Assert.Null(run.Error);
        AssertIndexed();
    }

    [Fact]
    public async Task An_index_found_gone_in_the_middle_of_a_run_is_opened_again_and_filled()
    {
        _rollups.Fill(250);
        _index.Upserting = _ =>
        {
            if (_index.Batches.Count == 2)
            {
                _index.Identity = "second";
                _index.Documents.Clear();
                throw new InvalidOperationException("index_not_found_exception");
            }
        };

        Assert.Null((await IndexAsync()).Error);
        AssertIndexed();
    }

    [Fact]
    public async Task A_broken_answer_has_the_whole_batch_sent_again_which_changes_nothing()
    {
        _rollups.Fill(50);
        _index.Answering = () =>
        {
            if (_index.Batches.Count == 1)
            {
                throw new IOException("the connection broke in the middle of the answer");
            }
        };

        var run = await IndexAsync();

        Assert.Equal(new IndexRun(100, 50, 0, null), run);
        AssertIndexed();
    }

    [Fact]
    public async Task A_store_that_cannot_mark_ends_the_run_and_nothing_acknowledged_is_sent_again_in_it()
    {
        _rollups.Fill(250);
        _rollups.Marking = _ => throw new InvalidOperationException("the disk is full");

        var run = await IndexAsync();

        Assert.Contains("the disk is full", run.Error, StringComparison.Ordinal);
        Assert.Single(_index.Batches);
        _rollups.Marking = null;
        Assert.Null((await IndexAsync()).Error);
        AssertIndexed();
    }

    [Fact]
    public async Task A_rollup_that_changes_while_it_is_sent_is_sent_again_in_its_new_version()
    {
        _rollups.Fill(3);
        _index.Answering = () =>
        {
            if (_index.Batches.Count == 1)
            {
                _rollups.Click(rollup => rollup.PageId == 2);
            }
        };

        Assert.Equal(new IndexRun(4, 4, 0, null), await IndexAsync());
        AssertIndexed();
    }

    [Fact]
    public async Task Cancellation_is_thrown_and_what_was_acknowledged_stays_marked()
    {
        _rollups.Fill(250);
        using var cancel = new CancellationTokenSource();
        _index.Answering = () =>
        {
            if (_index.Batches.Count == 2)
            {
                cancel.Cancel();
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Indexer().IndexAsync(cancel.Token));

        Assert.Equal(_index.Documents.Count, _rollups.All.Count(rollup => rollup.IndexedVersion == rollup.Version));
        Assert.True(_index.Documents.Count >= 200);
    }

    private Indexer Indexer() => new(_rollups, _index, _options, StageContexts.At(_time), NullLogger<Indexer>.Instance);

    private Task<IndexRun> IndexAsync() => Indexer().IndexAsync(Token);

    private void AssertIndexed()
    {
        Assert.All(_rollups.All, rollup => Assert.Equal(rollup.Version, rollup.IndexedVersion));
        Assert.Equal(
            _rollups.All.Select(IndexDocument.From).OrderBy(document => document.Id, StringComparer.Ordinal),
            _index.Documents.Values.OrderBy(document => document.Id, StringComparer.Ordinal));
    }

    // Whatever is acknowledged is marked, so one sent again after that would be marked twice.
    private void AssertNothingAcknowledgedWasSentAgain() =>
        Assert.All(_rollups.Marks.GroupBy(mark => (mark.PageId, mark.Version)), marks => Assert.Single(marks));
}
