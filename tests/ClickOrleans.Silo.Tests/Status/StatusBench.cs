using System.Collections.Immutable;
using System.Net;
using ClickOrleans.Grains.Pipelines;
using ClickOrleans.Grains.Statistics;
using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Status;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Silo.Status;
using ClickOrleans.Testing.InMemory.Log;
using ClickOrleans.Testing.InMemory.Store;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using Orleans;
using Orleans.Runtime;

namespace ClickOrleans.Silo.Tests.Status;

/// <summary>
/// A status reader on an in-memory log of two partitions, an in-memory store, and grains that report what a test says.
/// </summary>
internal sealed class StatusBench : IAsyncDisposable
{
    private const int Partitions = 2;

    private readonly IGrainFactory _grains = Substitute.For<IGrainFactory>();
    private readonly IPipelineGrain _pipeline = Substitute.For<IPipelineGrain>();
    private LogIdentity _identity = null!;

    private StatusBench(FakeTimeProvider fake, TimeProvider time, IClickStore? clicks)
    {
        Time = fake;
        Log = new InMemoryClickLog(Topic, time);
        Store = new InMemoryStore(time);
        var live = Substitute.For<ILiveStatisticsGrain>();
        live.GetAsync().Returns(_ => AnswerAsync(new LiveStatistics(12.34, 0.56, [])));
        _pipeline.GetReportAsync().Returns(_ => Unreachable is { } exception ? throw exception : AnswerAsync(Report));
        _grains.GetGrain<IPipelineGrain>(0).Returns(_pipeline);
        _grains.GetGrain<ILiveStatisticsGrain>(0).Returns(live);
        Reader = new StatusReader(_grains, Log, clicks ?? Store.Clicks, Store.Rollups, new SiloDirectory(Membership()), time);
    }

    public FakeTimeProvider Time { get; }

    public InMemoryTopic Topic { get; } = new("clickstream", Partitions);

    public InMemoryClickLog Log { get; }

    public InMemoryStore Store { get; }

    public StatusReader Reader { get; }

    /// <summary>What the pipeline's grain reports.</summary>
    public PipelineReport Report { get; set; } = new(null, 1, 100, 5000, 2, Partitions, [], null, []);

    /// <summary>Thrown by the pipeline's grain while it is set.</summary>
    public Exception? Unreachable { get; set; }

    /// <summary>The grains are silent until it has ended.</summary>
    public TaskCompletionSource? GrainsAnswer { get; set; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="time">The bench's own, which stands still, unless told otherwise.</param>
    /// <param name="clicks">In place of the in-memory store's.</param>
    public static async Task<StatusBench> OpenAsync(IClickStore? clicks = null, TimeProvider? time = null)
    {
        var fake = new FakeTimeProvider();
        var bench = new StatusBench(fake, time ?? fake, clicks);
        bench._identity = await bench.Log.OpenAsync(Cancellation);
        return bench;
    }

    /// <summary>Appends so many messages to each partition.</summary>
    public Task AppendAsync(int count) => Log.AppendAsync(
        [.. Enumerable.Range(0, count * Partitions).Select(_ => new LogMessage(null, [1]))], Cancellation);

    /// <summary>Stores clicks up to an offset of a partition.</summary>
    public async Task StoreAsync(int partition, long next)
    {
        var logId = await Store.Clicks.RegisterLogAsync(_identity, Cancellation);
        var start = (await Store.Clicks.StartPartitionAsync(logId, partition, 0, Cancellation)).NextOffset;
        var batch = new ClickBatch { LogId = logId, Partition = partition, ExpectedOffset = start, NextOffset = next };
        for (var offset = start; offset < next; offset++)
        {
            var click = new Click("ann", DateTime.UnixEpoch, "/", "NL", "Utrecht", "Firefox", "Linux", "desktop");
            batch.Clicks.Add(offset, click, default(VisitorKey));
        }

        Assert.True(await Store.Clicks.CommitAsync(batch, Cancellation));
    }

    /// <summary>A partition's consumer as its grain reports it.</summary>
    public static ConsumedPartition Consumed(
        int partition, PartitionState state, string? error = null, DateTime? pending = null, long fenced = 0) =>
        new(partition, "silo-a", new PartitionReport(partition, state, null, 0, 0, fenced, pending, error));

    public Task<PipelineStatus> ReadAsync() => Reader.ReadAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        Reader.Dispose();
        await Log.DisposeAsync();
    }

    private async Task<T> AnswerAsync<T>(T answer)
    {
        if (GrainsAnswer is { } silence)
        {
            await silence.Task;
        }

        return answer;
    }

    private static IClusterMembershipService Membership()
    {
        var address = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11111), 60);
        var members = ImmutableDictionary<SiloAddress, ClusterMember>.Empty
            .Add(address, new ClusterMember(address, SiloStatus.Active, "silo-a"));
        var membership = Substitute.For<IClusterMembershipService>();
        membership.CurrentSnapshot.Returns(new ClusterMembershipSnapshot(members, new MembershipVersion(1)));
        return membership;
    }
}
