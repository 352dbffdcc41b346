using ClickOrleans.Pipeline.Log;
using ClickOrleans.Silo.Status;
using ClickOrleans.Testing.InMemory.Log;
using Microsoft.Extensions.Time.Testing;

namespace ClickOrleans.Silo.Tests.Status;

/// <summary>One partition with a message appended at 0 s and another at 10 s; it is 30 s now.</summary>
public sealed class UnprocessedAgeTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryTopic _topic = new("clickstream", 1);
    private readonly InMemoryClickLog _log;
    private readonly UnprocessedAge _age;
    private LogIdentity _identity = null!;

    public UnprocessedAgeTests()
    {
        _log = new InMemoryClickLog(_topic, _time);
        _age = new UnprocessedAge(_log, _time);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _identity = await _log.OpenAsync(Cancellation);
        await _log.AppendAsync([new LogMessage(null, [1])], Cancellation);
        _time.Advance(TimeSpan.FromSeconds(10));
        await _log.AppendAsync([new LogMessage(null, [2])], Cancellation);
        _time.Advance(TimeSpan.FromSeconds(20));
    }

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Theory]
    [InlineData(0, 30)]
    [InlineData(1, 20)]
    public async Task The_age_is_that_of_the_message_at_the_next_offset(long nextOffset, int seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds), await AgeAsync(nextOffset));
    }

    [Fact]
    public async Task A_pending_message_that_its_consumer_reports_is_not_looked_up()
    {
        _topic.Outage = new IOException("log unavailable");

        Assert.Equal(TimeSpan.FromSeconds(5), await AgeAsync(0, Now.AddSeconds(-5)));
    }

    [Fact]
    public async Task An_offset_is_looked_up_once()
    {
        await AgeAsync(1);
        _topic.Outage = new IOException("log unavailable");

        Assert.Equal(TimeSpan.FromSeconds(20), await AgeAsync(1));
        await Assert.ThrowsAsync<IOException>(() => AgeAsync(0));
    }

    [Fact]
    public async Task A_message_that_the_log_has_removed_has_no_age()
    {
        _topic.Truncate(0, 2);

        Assert.Equal(TimeSpan.Zero, await AgeAsync(0));
    }

    [Fact]
    public async Task A_message_of_a_replaced_log_has_no_age()
    {
        _topic.Delete();
        await _log.OpenAsync(Cancellation);

        Assert.Equal(TimeSpan.Zero, await AgeAsync(0));
    }

    [Fact]
    public async Task A_message_from_a_clock_ahead_of_ours_has_no_age()
    {
        Assert.Equal(TimeSpan.Zero, await AgeAsync(0, Now.AddSeconds(5)));
    }

    [Fact]
    public async Task A_backfill_is_as_old_as_it_has_been_seen_waiting_not_as_its_producer_says()
    {
        _topic.HasProducerTime = true;
        _topic.AppendAt(0, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Assert.Equal(TimeSpan.Zero, await AgeAsync(2, end: 3));
        _time.Advance(TimeSpan.FromSeconds(40));

        Assert.Equal(TimeSpan.FromSeconds(40), await AgeAsync(2, end: 3));
    }

    [Fact]
    public async Task Where_producers_give_the_time_one_message_is_looked_up_for_all_partitions()
    {
        _topic.HasProducerTime = true;
        _topic.AppendAt(0, Now);
        await AgeAsync(2, end: 3);

        // Any other look-up would fail.
        _topic.Outage = new IOException("broker unavailable");
        PartitionEnd[] others = [new(1, 0, 5, null, IsStale: false), new(2, 0, 5, null, IsStale: false)];

        Assert.Equal([1, 2], (await _age.OfAsync(_identity, others, Cancellation)).Keys.Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_clock_ahead_of_ours_does_not_hide_a_stall(bool isProducerTime)
    {
        _topic.HasProducerTime = isProducerTime;
        _topic.AppendAt(0, Now.AddMinutes(55));
        await AgeAsync(2, end: 3);

        _time.Advance(TimeSpan.FromSeconds(40));

        Assert.Equal(TimeSpan.FromSeconds(40), await AgeAsync(2, end: 3));
    }

    [Fact]
    public async Task Where_many_partitions_lag_few_messages_are_looked_up_and_the_others_count_since_they_are_known_to_lag()
    {
        const int Partitions = 20;
        var topic = new InMemoryTopic("many", Partitions);
        await using var log = new InMemoryClickLog(topic, _time);
        var identity = await log.OpenAsync(Cancellation);
        await log.AppendAsync(
            [.. Enumerable.Range(0, 1000).Select(number => new LogMessage(BitConverter.GetBytes(number), [1]))], Cancellation);
        _time.Advance(TimeSpan.FromSeconds(30));
        var age = new UnprocessedAge(log, _time);

        var first = await OfAllAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        var second = await OfAllAsync();

        Assert.Equal([(0, 12), (30, 8)], Counted(first));
        Assert.Equal([(1, 4), (31, 16)], Counted(second));

        static IEnumerable<(double Seconds, int Partitions)> Counted(IReadOnlyDictionary<int, TimeSpan> ages) =>
            ages.Values.CountBy(found => found.TotalSeconds).Select(count => (count.Key, count.Value)).Order();

        Task<IReadOnlyDictionary<int, TimeSpan>> OfAllAsync() =>
            age.OfAsync(
                identity,
                Enumerable.Range(0, Partitions)
                    .Select(partition => new PartitionEnd(partition, 0, 1, OldestPending: null, IsStale: false)),
                Cancellation);
    }

    private DateTime Now => _time.GetUtcNow().UtcDateTime;

    private async Task<TimeSpan> AgeAsync(long nextOffset, DateTime? pending = null, long end = 2) =>
        (await _age.OfAsync(_identity, [new(0, nextOffset, end, pending, IsStale: false)], Cancellation))[0];
}
