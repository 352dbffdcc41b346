using System.Text;
using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Sql;
using ClickOrleans.Sqlite.Log;
using ClickOrleans.Sqlite.Store;
using ClickOrleans.Testing.Silos;
using ClickOrleans.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Pipeline.Tests.Consuming;

/// <summary>Embedded log and store in a folder of their own.</summary>
internal sealed class EmbeddedPipeline : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteStoreDatabase _database;

    private EmbeddedPipeline(int partitions)
    {
        _database = new SqliteStoreDatabase(_folder.File("store.db"));
        Log = new SqliteClickLog(_folder.Path, partitions, "clickstream", TimeProvider.System);
        Store = new SqliteClickStore(_database, TimeProvider.System);
        DeadLetters = new SqlDeadLetterStore(_database);
        Audit = new SqlStoreAudit(_database);
    }

    public IClickLog Log { get; }

    public IClickStore Store { get; }

    public IDeadLetterStore DeadLetters { get; }

    public IStoreAudit Audit { get; }

    public static async Task<EmbeddedPipeline> OpenAsync(int partitions = 1)
    {
        var pipeline = new EmbeddedPipeline(partitions);
        await new SqliteStoreSchema(pipeline._database, TimeProvider.System, NullLogger<SqliteStoreSchema>.Instance)
            .ApplyAsync(CancellationToken.None);
        await pipeline.Log.OpenAsync(CancellationToken.None);
        return pipeline;
    }

    public static byte[] Message(int number) => Encoding.UTF8.GetBytes(
        $$"""["u{{number}}","2026-01-02T03:04:05Z","https://shop.example/"""
            + $$"""{{number}}","France","Paris","Firefox","Linux","desktop"]""");

    public Task AppendAsync(int count) =>
        Log.AppendAsync(
            [.. Enumerable.Range(0, count).Select(number => new LogMessage(null, Message(number)))], CancellationToken.None);

    public PartitionConsumer Consumer(
        IClickStore? store = null, ConsumingOptions? options = null, DuplicatesOptions? duplicates = null) =>
        new(
            Log,
            store ?? Store,
            0,
            options ?? new ConsumingOptions(),
            duplicates ?? new DuplicatesOptions(),
            StageContexts.System,
            NullLogger<PartitionConsumer>.Instance);

    /// <summary>Every stored offset of partition 0 with how often it is stored.</summary>
    public async Task<IReadOnlyList<AuditedRecord>> RecordsAsync()
    {
        await using var snapshot = await Audit.OpenSnapshotAsync(CancellationToken.None);
        var partition = (await snapshot.GetPartitionsAsync(CancellationToken.None)).Single(row => row.Partition == 0);
        Assert.Empty(await snapshot.FindStrayOffsetsAsync(partition, 10, CancellationToken.None));
        return await snapshot.ReadRecordsAsync(partition, new OffsetRange(0, long.MaxValue), CancellationToken.None);
    }

    /// <summary>Runs a statement past the ports.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var session = await _database.BeginAsync(CancellationToken.None);
        await session.ExecuteAsync(new SqlStatement("by hand", sql), null, CancellationToken.None);
        await session.CommitAsync(CancellationToken.None);
    }

    public static Task WaitAsync(Func<bool> condition) => Poll.UntilAsync(condition, interval: TimeSpan.FromMilliseconds(10));

    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        _database.Dispose();
        _folder.Dispose();
    }
}
