using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Indexing;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Testing;
using ClickOrleans.Testing.InMemory.Index;
using ClickOrleans.Testing.InMemory.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Pipeline.Tests.Indexing;

/// <summary>
/// Store and index are set back to earlier times, and altered by hand, in any order; the log is read again from the store's
/// offset.
/// Then the index is what the rollups say.
/// </summary>
public sealed class TimeTravelTests
{
    private static readonly DateTime Noon = new(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc);

    private readonly InstantTime _time = new();
    private readonly InMemoryDatabase _database = new();
    private readonly InMemoryClickIndex _index = new();
    private readonly InMemoryStore _store;
    private readonly List<Click> _log = [];
    private short _logId;

    public TimeTravelTests() => _store = new InMemoryStore(_database, _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_store_that_went_back_and_grew_again_wins_over_the_documents_of_the_time_that_is_gone()
    {
        await StartAsync();
        Visit("/a", 5);
        await ConsumeAsync();
        await IndexAsync();
        var backup = _database.Backup();
        Visit("/a", 5);
        Visit("/b", 5);
        await ConsumeAsync();
        await IndexAsync();

        // The same clicks in other batches: the same versions come with other contents.
        _database.Restore(backup);
        await ConsumeAsync(3);
        await ConsumeAsync();
        var run = await IndexAsync();

        Assert.Null(run.Error);
        Assert.All(await RollupsAsync(), rollup => Assert.Equal(1, rollup.Version >> RollupVersion.CountBits));
        await AssertIndexedAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Documents_that_may_be_another_store_s_are_kept_until_the_index_is_rebuilt(int visits)
    {
        await StartAsync();
        Visit("/others", 5);
        await ConsumeAsync();
        await IndexAsync();
        _database.Restore(new InMemoryDatabase().Backup());
        _log.Clear();
        await StartAsync();
        Visit("/own", visits);
        await ConsumeAsync();
        await IndexAsync();

        var sweep = await SweepOnceAsync();

        Assert.Equal(0, sweep.LastRound!.Removed);
        Assert.Contains("may be another store's and are kept until `index rebuild`", sweep.Withheld, StringComparison.Ordinal);
        Assert.Equal(visits == 0 ? 1 : 2, await _index.CountAsync(Token));

        _index.Delete();
        await IndexAsync();
        Assert.Null((await SweepOnceAsync()).Withheld);
        await AssertIndexedAsync();
    }

    [Fact]
    public async Task An_index_that_went_back_gets_what_it_lost()
    {
        await StartAsync();
        Visit("/a", 5);
        await ConsumeAsync();
        await IndexAsync();
        var backup = _index.Backup();
        Visit("/b", 5);
        await ConsumeAsync();
        await IndexAsync();

        _index.Restore(backup);
        await IndexAsync();

        Assert.All(await RollupsAsync(), rollup => Assert.Equal(0, rollup.Version >> RollupVersion.CountBits));
        await AssertIndexedAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public async Task Restores_in_any_order_end_with_documents_as_the_rollups_say(int seed)
    {
        await StartAsync();
        var random = new Random(seed);
        var (stores, indices) = (new List<object> { _database.Backup() }, new List<object>());
        for (var step = 0; step < 300; step++)
        {
            switch (random.Next(12))
            {
                case < 4:
                    Visit($"/{random.Next(12)}", random.Next(1, 4));
                    await ConsumeAsync(random.Next(1, 9));
                    break;
                case < 8:
                    await IndexAsync(seed: random.Next());
                    break;
                case 8:
                    stores.Add(_database.Backup());
                    break;
                case 9:
                    indices.Add(_index.Backup());
                    break;
                case 10 when random.Next(2) == 0:
                    _database.Restore(stores[random.Next(stores.Count)]);
                    break;
                case 11 when random.Next(2) == 0 && indices.Count > 0:
                    _index.Restore(indices[random.Next(indices.Count)]);
                    break;
            }
        }

        await ConsumeAsync();
        Assert.Null((await IndexAsync()).Error);
        await RemoveStraysAsync();
        await AssertIndexedAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Runs_cut_short_anywhere_and_documents_altered_by_hand_are_found_by_the_sweep(int seed)
    {
        await StartAsync();
        var random = new Random(seed);
        var (stores, indices) = (new List<object> { _database.Backup() }, new List<object>());
        for (var step = 0; step < 200; step++)
        {
            switch (random.Next(10))
            {
                case < 4:
                    Visit($"/{random.Next(12)}", random.Next(1, 4));
                    await ConsumeAsync(random.Next(1, 9));
                    break;
                case < 6:
                    var calls = random.Next(1, 15);
                    _store.BeforeStatement = name =>
                    {
                        Note(name, stores, indices, random);
                        if (--calls == 0)
                        {
                            throw new IOException("The process is killed.");
                        }
                    };
                    await IndexAsync(seed: random.Next());
                    _store.BeforeStatement = null;
                    break;
                case 6:
                    _database.Restore(stores[random.Next(stores.Count)]);
                    break;
                case 7 when indices.Count > 0:
                    _index.Restore(indices[random.Next(indices.Count)]);
                    break;
                case 8:
                    await AlterAsync(random);
                    break;
            }
        }

        await ConsumeAsync();
        await IndexAsync();
        await SweepOnceAsync();
        Assert.Null((await IndexAsync()).Error);
        await AssertIndexedAsync();
    }

    /// <summary>Backups from the middle of runs.</summary>
    private void Note(string name, List<object> stores, List<object> indices, Random random)
    {
        if (random.Next(8) == 0 && name != "commit")
        {
            stores.Add(_database.Backup());
            indices.Add(_index.Backup());
        }
    }

    private async Task AlterAsync(Random random)
    {
        var rollups = await RollupsAsync();
        if (rollups.Count == 0)
        {
            return;
        }

        var document = IndexDocument.From(rollups[random.Next(rollups.Count)]);
        switch (random.Next(5))
        {
            case 0:
                _index.Remove(document.Id);
                break;
            case 1:
                _index.Overwrite(document with { Clicks = 999 });
                break;
            case 2:
                _index.Overwrite(document with { Version = document.Version + random.Next(1000), Clicks = 999 });
                break;
            case 3:
                _index.Overwrite(document with { Version = long.MaxValue });
                break;
            default:
                _index.Overwrite(document with { Id = DocumentId.Of("/stray", "NL"), Url = "/stray" });
                break;
        }
    }

    private async Task StartAsync()
    {
        _logId = await _store.Clicks.RegisterLogAsync(new LogIdentity("clickstream", Guid.NewGuid()), Token);
        await _store.Clicks.StartPartitionAsync(_logId, 0, 0, Token);
    }

    private void Visit(string url, int times)
    {
        for (var visit = 0; visit < times; visit++)
        {
            _log.Add(new Click(
                $"user{_log.Count % 5}", Noon.AddSeconds(_log.Count), url, "NL", "Utrecht", "Firefox", "Linux", "desktop"));
        }
    }

    /// <summary>Stores and folds what the log has behind the store's offset, at most so many clicks.</summary>
    private async Task ConsumeAsync(int most = int.MaxValue)
    {
        var start = (await _store.Clicks.StartPartitionAsync(_logId, 0, 0, Token)).NextOffset;
        var end = Math.Min(_log.Count, start + Math.Min(most, _log.Count));
        var batch = new ClickBatch { LogId = _logId, Partition = 0, ExpectedOffset = start, NextOffset = end };
        for (var offset = start; offset < end; offset++)
        {
            batch.Clicks.Add(offset, _log[(int)offset], default(VisitorKey));
        }

        Assert.True(await _store.Clicks.CommitAsync(batch, Token));
        await _store.Rollups.FoldAsync(100_000, _time.GetUtcNow().UtcDateTime, Token);
        _time.Advance(TimeSpan.FromSeconds(1));
    }

    /// <param name="seed">Of the tokens: another for each run, as in a process of its own.</param>
    private Task<IndexRun> IndexAsync(int? seed = null) => new Indexer(
        _store.Rollups,
        _index,
        new IndexerOptions { FirstBatch = 3, SmallestBatch = 2, LargestBatch = 5 },
        new StageContext(_time, seed is null ? new Random() : new Random(seed.Value), TaskScheduler.Default),
        NullLogger<Indexer>.Instance).IndexAsync(Token);

    private async Task<IndexSweep> SweepOnceAsync()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var sweep = new IndexSweep(
            _store.Rollups,
            _index,
            new SweepOptions(),
            StageContexts.At(_time),
            NullLogger<IndexSweep>.Instance);
        var running = Task.Run(() => sweep.RunAsync(() => { }, stop.Token), Token);
        await Poll.UntilAsync(() => Task.FromResult(sweep.LastRound is not null), () => "no round", TimeSpan.FromSeconds(20));
        await stop.CancelAsync();
        await running;
        return sweep;
    }

    private Task<int> RemoveStraysAsync() =>
        new StrayDocuments(_store.Rollups, _index, 5, (_, _) => Task.CompletedTask).RemoveAsync(Token);

    private Task<IReadOnlyList<Rollup>> RollupsAsync() => _store.Rollups.ReadRollupsAsync(0, 1000, Token);

    private async Task AssertIndexedAsync()
    {
        var rollups = await RollupsAsync();
        Assert.Equal(_log.Count, rollups.Sum(rollup => rollup.Clicks));
        Assert.All(rollups, rollup => Assert.Equal(rollup.Version, rollup.IndexedVersion));
        var expected = rollups.Select(IndexDocument.From).OrderBy(document => document.Id, StringComparer.Ordinal);
        var documents = new List<IndexDocument>();
        await foreach (var document in _index.ScanAsync(Token))
        {
            documents.Add(document);
        }

        Assert.Equal(expected, documents.OrderBy(document => document.Id, StringComparer.Ordinal));
    }
}
