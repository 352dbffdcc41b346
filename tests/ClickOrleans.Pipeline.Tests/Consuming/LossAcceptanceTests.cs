using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace ClickOrleans.Pipeline.Tests.Consuming;

public sealed class LossAcceptanceTests
{
    private const short LogId = 3;
    private const int Partition = 1;

    private readonly IClickLog _log = Substitute.For<IClickLog>();
    private readonly IClickStore _store = Substitute.For<IClickStore>();
    private readonly FakeTimeProvider _time = new();

    public LossAcceptanceTests()
    {
        _log.GetPartitionCountAsync(default).ReturnsForAnyArgs(4);
        _log.IdentifyAsync(default).ReturnsForAnyArgs(new LogIdentity("clickstream", Guid.NewGuid()));
        _store.RegisterLogAsync(default!, default).ReturnsForAnyArgs(LogId);
        _store.AcceptLossAsync(default, default, default, default, default).ReturnsForAnyArgs(true);
    }

    [Fact]
    public async Task Lost_is_what_lies_between_the_store_s_offset_and_the_log_s_first()
    {
        Arrange(logHolds: new OffsetRange(100, 200), storeIsAt: 40);

        var loss = await AcceptAsync();

        Assert.Equal((LossOutcome.Accepted, new OffsetRange(40, 100)), (loss.Outcome, loss.Lost));
        await _store.Received(1).AcceptLossAsync(
            LogId, Partition, new OffsetRange(40, 100), _time.GetUtcNow().UtcDateTime, Arg.Any<CancellationToken>());
    }

    [Theory]
    [InlineData(100)]
    [InlineData(150)]
    [InlineData(null)]
    public async Task Nothing_is_accepted_where_the_log_holds_the_next_offset_or_the_partition_was_never_read(int? storeIsAt)
    {
        Arrange(new OffsetRange(100, 200), storeIsAt);

        var loss = await AcceptAsync();

        Assert.Equal(LossOutcome.NothingLost, loss.Outcome);
        await _store.DidNotReceiveWithAnyArgs().AcceptLossAsync(default, default, default, default, default);
    }

    [Fact]
    public async Task A_consumer_that_moved_the_offset_meanwhile_is_a_conflict()
    {
        Arrange(new OffsetRange(100, 200), storeIsAt: 40);
        _store.AcceptLossAsync(default, default, default, default, default).ReturnsForAnyArgs(false);

        Assert.Equal(LossOutcome.Conflict, (await AcceptAsync()).Outcome);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public async Task A_partition_that_the_log_has_not_is_refused(int partition)
    {
        var exception = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            Acceptance().AcceptAsync(partition, CancellationToken.None));

        Assert.Contains("The log has the partitions 0 to 3.", exception.Message, StringComparison.Ordinal);
    }

    private void Arrange(OffsetRange logHolds, int? storeIsAt)
    {
        _log.GetOffsetsAsync(Partition, default).ReturnsForAnyArgs(logHolds);
        _store.StartPartitionAsync(default, default, default, default).ReturnsForAnyArgs(
            call => new StoredPosition(LogId, 0, storeIsAt ?? call.Arg<long>()));
    }

    private Task<AcceptedLoss> AcceptAsync() =>
        Acceptance().AcceptAsync(Partition, CancellationToken.None);

    private LossAcceptance Acceptance() => new(_log, _store, Substitute.For<IStoreAudit>(), _time);
}
