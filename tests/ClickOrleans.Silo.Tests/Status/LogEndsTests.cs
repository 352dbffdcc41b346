using ClickOrleans.Pipeline.Log;
using ClickOrleans.Silo.Status;
using Microsoft.Extensions.Time.Testing;

namespace ClickOrleans.Silo.Tests.Status;

public sealed class LogEndsTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(200);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly TwoPartitions _log = new();
    private readonly LogEnds _ends;

    public LogEndsTests() => _ends = new(_log, _time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private DateTime Now => _time.GetUtcNow().UtcDateTime;

    [Fact]
    public async Task Ends_that_the_log_tells_are_fresh()
    {
        Assert.Empty(await _ends.ReadAsync(Timeout, Cancellation));

        Assert.True(_ends.AreFresh);
        Assert.Equal([new(new(0, 10), Now, false), new(new(0, 11), Now, false)], _ends.Known);
    }

    [Fact]
    public void Nothing_is_fresh_before_the_log_was_asked() => Assert.False(_ends.AreFresh);

    [Fact]
    public async Task A_partition_that_does_not_answer_is_stale_as_of_its_last_answer()
    {
        await _ends.ReadAsync(Timeout, Cancellation);
        var before = Now;
        _time.Advance(TimeSpan.FromSeconds(1));
        _log.Silent = 1;

        var (asked, reading) = (Now, _ends.ReadAsync(Timeout, Cancellation));
        _time.Advance(Timeout);
        var faults = await reading;

        Assert.Equal(["no answer in time"], faults);
        Assert.False(_ends.AreFresh);
        Assert.Equal([new(new(0, 10), asked, false), new(new(0, 11), before, true)], _ends.Known);
    }

    [Fact]
    public async Task A_log_that_is_out_leaves_every_partition_stale()
    {
        await _ends.ReadAsync(Timeout, Cancellation);
        _log.IsOut = true;

        Assert.Equal(["out"], await _ends.ReadAsync(Timeout, Cancellation));

        Assert.False(_ends.AreFresh);
        Assert.All(_ends.Known, end => Assert.True(end.IsStale));
    }

    private sealed class TwoPartitions : IClickLog
    {
        public int Silent { get; set; } = -1;

        public bool IsOut { get; set; }

        public string Description => "two partitions";

        public string Topic => "clickstream";

        public Task<LogIdentity> OpenAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<LogIdentity> IdentifyAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<int> GetPartitionCountAsync(CancellationToken cancellationToken) =>
            IsOut ? Task.FromException<int>(new IOException("out")) : Task.FromResult(2);

        public async Task<OffsetRange> GetOffsetsAsync(int partition, CancellationToken cancellationToken)
        {
            if (partition == Silent)
            {
                await Task.Delay(System.Threading.Timeout.Infinite, cancellationToken);
            }

            return new(0, 10 + partition);
        }

        public Task AppendAsync(IReadOnlyList<LogMessage> messages, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ILogReader OpenReader(LogIdentity identity, int partition, long offset) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
