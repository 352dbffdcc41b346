using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Store;
using Xunit;

namespace ClickOrleans.Conformance.Store;

/// <summary>Random histories, with the connection breaking anywhere, against a recount in memory.</summary>
public abstract class StoreModelConformance : StoreConformance
{
    private const int Partitions = 3;

    private readonly StoreModel _model = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Rollups_agree_with_a_recount_after_any_history(int seed)
    {
        var random = new Random(seed);
        for (var partition = 0; partition < Partitions; partition++)
        {
            await Store.Clicks.StartPartitionAsync(LogId, partition, 0, Cancellation);
        }

        for (var step = 0; step < 150; step++)
        {
            Store.FailBefore = random.Next(4) == 0 ? FailAt(random.Next(1, 12)) : null;
            try
            {
                await StepAsync(random);
            }
            catch (Exception exception) when (Store.IsOutage(exception))
            {
                // The history goes on as if the step had not been tried.
            }

            Store.FailBefore = null;
            if (step % 10 == 0)
            {
                await AssertSoundAsync();
            }
        }

        await FoldAllAsync(40);
        await AssertSoundAsync();
        await AssertAgreesAsync();
    }

    [Fact]
    public async Task Rollups_agree_with_a_recount_after_everything_at_once()
    {
        await using var other = Store.OpenAnother();
        for (var partition = 0; partition < Partitions; partition++)
        {
            await CommitAsync(Batch(0, 40, offset => offset % 4 == 0 ? null : Made(new Random((int)offset)), partition));
        }

        using var done = new CancellationTokenSource();
        var folding = new[] { FoldUntilAsync(Store, done.Token), FoldUntilAsync(other, done.Token) };
        var writing = Enumerable.Range(0, Partitions).Select(partition => Task.Run(() => CommitManyAsync(partition)))
            .Append(Task.Run(() => RetryAllAsync(Store)))
            .Append(Task.Run(() => RetryAllAsync(other)))
            .Append(Task.Run(() => MarkAsync(Store)));
        await Task.WhenAll(writing);
        await done.CancelAsync();
        await Task.WhenAll(folding);

        await FoldAllAsync();
        await AssertSoundAsync();
        var clicks = new List<Click>();
        for (var partition = 0; partition < Partitions; partition++)
        {
            clicks.AddRange((await RecordsAsync(partition)).Select(record => record.Click!));
        }

        Assert.Equal(Partitions * 440, clicks.Count);
        var rollups = await RollupsAsync();
        Assert.Equal(clicks.Count, rollups.Sum(rollup => rollup.Clicks));
        Assert.Equal(
            clicks.Select(click => (click.Url, click.Country, click.UserId)).Distinct().Count(),
            rollups.Sum(rollup => rollup.UniqueUsers));
    }

    private static Click Made(Random random) => ClickAt(
        Noon.AddSeconds(random.Next(100_000)), $"user{random.Next(12)}", $"/{random.Next(4)}", random.Next(2) == 0 ? "NL" : "BE");

    private async Task StepAsync(Random random)
    {
        switch (random.Next(10))
        {
            case < 4:
                await CommitSomeAsync(random);
                break;
            case < 7:
                await Store.Rollups.FoldAsync(random.Next(1, 15), Noon, Cancellation);
                break;
            case 7 when _model.Letters > 0:
                var letter = _model.Letter(random.Next(_model.Letters));
                var click = Made(random);
                Assert.True(await Store.DeadLetters.RetryAsync(Id(letter), click, Cancellation));
                _model.Retry(letter, click);
                break;
            case 8 when _model.Letters > 0 && random.Next(3) == 0:
                var given = _model.Letter(random.Next(_model.Letters));
                Assert.True(await Store.DeadLetters.DiscardAsync(Id(given), Noon, Cancellation));
                _model.Discard(given);
                break;
            default:
                var marks = (await Store.Rollups.GetUnindexedAsync(3, Cancellation))
                    .Select(rollup => new IndexedMark(rollup.PageId, rollup.Version, random.Next(4) == 0 ? "bad" : null))
                    .ToList();
                await Store.Rollups.MarkIndexedAsync(marks, Cancellation);
                break;
        }
    }

    private async Task CommitSomeAsync(Random random)
    {
        var partition = random.Next(Partitions);
        var next = _model.Next(partition);
        var stale = random.Next(8) == 0;
        var start = stale ? next + random.Next(1, 5) : next;
        var batch = Batch(start, start + random.Next(20), _ => random.Next(5) == 0 ? null : Made(random), partition);
        var stored = await Store.Clicks.CommitAsync(batch, Cancellation);
        Assert.Equal(!stale, stored);
        if (stored)
        {
            _model.Commit(batch);
        }
    }

    private async Task CommitManyAsync(int partition)
    {
        var random = new Random(partition);
        for (var start = 40L; start < 440; start += 20)
        {
            Assert.True(await Store.Clicks.CommitAsync(
                Batch(start, start + 20, offset => offset % 5 == 0 ? null : Made(random), partition), Cancellation));
        }
    }

    private async Task RetryAllAsync(StoreUnderTest store)
    {
        var random = new Random(17);
        for (var offset = 0L; offset < 440; offset += offset < 40 ? 4 : 5)
        {
            for (var partition = 0; partition < Partitions; partition++)
            {
                while ((await Store.Clicks.StartPartitionAsync(LogId, partition, 0, Cancellation)).NextOffset <= offset)
                {
                    await Task.Yield();
                }

                await store.DeadLetters.RetryAsync(Id((partition, offset)), Made(random), Cancellation);
            }
        }
    }

    private async Task MarkAsync(StoreUnderTest store)
    {
        for (var round = 0; round < 50; round++)
        {
            var marks = (await store.Rollups.GetUnindexedAsync(5, Cancellation))
                .Select(rollup => new IndexedMark(rollup.PageId, rollup.Version, null)).Reverse().ToList();
            await store.Rollups.MarkIndexedAsync(marks, Cancellation);
        }
    }

    private static async Task FoldUntilAsync(StoreUnderTest store, CancellationToken done)
    {
        await Task.Yield();
        while (!done.IsCancellationRequested)
        {
            await store.Rollups.FoldAsync(50, Noon, Cancellation);
        }
    }

    private DeadLetterId Id((int Partition, long Offset) letter) => new(LogId, letter.Partition, letter.Offset);

    private async Task AssertAgreesAsync()
    {
        var rollups = (await RollupsAsync()).Select(rollup =>
            (rollup.Url, rollup.Country, rollup.Clicks, rollup.UniqueUsers, rollup.FirstClick, rollup.LastClick));
        Assert.Equal(_model.Recount(), rollups.Order());
        var totals = await Store.Clicks.GetTotalsAsync(Cancellation);
        Assert.Equal((_model.Clicks, _model.Letters, _model.Clicks), (totals.Stored, totals.DeadLetters, totals.Folded));
    }

    private async Task AssertSoundAsync()
    {
        Assert.All(
            await Store.Rollups.ReadRollupsAsync(0, 1000, Cancellation),
            rollup => Assert.True(rollup.IndexedVersion <= rollup.Version));
        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        Assert.Empty(await snapshot.RecountAsync(null, 0, 10, Cancellation));
        Assert.Empty(await snapshot.RecountSeriesAsync(null, 10, Cancellation));
        Assert.Empty(await snapshot.RecountVisitorsAsync(10, Cancellation));
        var sums = await snapshot.GetFoldedSumsAsync(Cancellation);
        Assert.Equal((sums.FoldedClicks, sums.Visitors), (sums.RollupClicks, sums.RollupUsers));
        foreach (var partition in await snapshot.GetPartitionsAsync(Cancellation))
        {
            Assert.Equal(partition.StoredRows, partition.Stored);
            Assert.Empty(await snapshot.FindGapsAsync(partition, 10, Cancellation));
            Assert.Empty(await snapshot.FindStrayOffsetsAsync(partition, 10, Cancellation));
        }
    }
}
