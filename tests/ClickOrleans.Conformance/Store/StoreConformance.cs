using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Wire;
using Xunit;

namespace ClickOrleans.Conformance.Store;

/// <summary>What every suite of the store port begins with: an empty store, and batches to fill it with.</summary>
public abstract class StoreConformance : IAsyncLifetime
{
    protected static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected StoreUnderTest Store { get; private set; } = null!;

    protected short LogId { get; private set; }

    private VisitorKey Key { get; set; }

    public async ValueTask InitializeAsync()
    {
        Store = await CreateAsync();
        await Store.Schema.ApplyAsync(Cancellation);
        Key = await Store.Clicks.GetVisitorKeyAsync(Cancellation);
        LogId = await Store.Clicks.RegisterLogAsync(new LogIdentity("clickstream", Guid.NewGuid()), Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (Store is not null)
        {
            await Store.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>A new, empty store without tables.</summary>
    protected abstract Task<StoreUnderTest> CreateAsync();

    protected static Click ClickAt(DateTime at, string user = "ann", string url = "/home", string country = "NL") =>
        new(user, at, url, country, "Utrecht", "Firefox", "Linux", "desktop");

    protected static DeadLetter LetterAt(long offset, DeadLetterReason reason = DeadLetterReason.WrongShape) =>
        new(offset, [1, 2], [3, 0, 4], reason, $"wrong at {offset}");

    /// <summary>
    /// A batch of clicks for [start, end); the click at offset n is <paramref name="click"/> of n, a dead letter where that is
    /// null.
    /// </summary>
    protected ClickBatch Batch(long start, long end, Func<long, Click?>? click = null, int partition = 0)
    {
        var batch = new ClickBatch { LogId = LogId, Partition = partition, ExpectedOffset = start, NextOffset = end };
        for (var offset = start; offset < end; offset++)
        {
            if (click is null)
            {
                batch.Clicks.Add(offset, ClickAt(Noon.AddSeconds(offset)), Key);
            }
            else if (click(offset) is { } made)
            {
                batch.Clicks.Add(offset, made, Key);
            }
            else
            {
                batch.DeadLetters.Add(LetterAt(offset));
            }
        }

        return batch;
    }

    /// <summary>Breaks the connection before the n-th statement from now, counted from one.</summary>
    protected static Func<string, bool> FailAt(int statement)
    {
        var seen = 0;
        return _ => Interlocked.Increment(ref seen) == statement;
    }

    protected async Task CommitAsync(ClickBatch batch)
    {
        await Store.Clicks.StartPartitionAsync(batch.LogId, batch.Partition, 0, Cancellation);
        Assert.True(await Store.Clicks.CommitAsync(batch, Cancellation));
    }

    protected async Task<long> FoldAllAsync(int maxClicks = 1000)
    {
        var clicks = 0L;
        while (true)
        {
            var result = await Store.Rollups.FoldAsync(maxClicks, Noon, Cancellation);
            clicks += result.Clicks;
            if (!result.More)
            {
                return clicks;
            }
        }
    }

    protected async Task<IReadOnlyList<AuditedRecord>> RecordsAsync(int partition = 0, long start = 0, long end = long.MaxValue)
    {
        await using var snapshot = await Store.Audit.OpenSnapshotAsync(Cancellation);
        var audited = (await snapshot.GetPartitionsAsync(Cancellation)).FirstOrDefault(found => found.Partition == partition);
        return audited is null ? [] : await snapshot.ReadRecordsAsync(audited, new OffsetRange(start, end), Cancellation);
    }

    protected Task<IReadOnlyList<Rollup>> RollupsAsync() => Store.Rollups.ReadRollupsAsync(0, 1000, Cancellation);
}
