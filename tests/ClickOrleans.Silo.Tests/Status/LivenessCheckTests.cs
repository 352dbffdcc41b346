using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Status;
using ClickOrleans.Silo.Status;
using Microsoft.Extensions.Time.Testing;

namespace ClickOrleans.Silo.Tests.Status;

public sealed class LivenessCheckTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Probe _probe = new();
    private readonly LivenessCheck _check;

    public LivenessCheckTests() => _check = new(_probe, "a", _time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_partition_that_stays_while_the_log_goes_on_is_a_fault_after_two_minutes()
    {
        _probe.Ends[0] = 12;
        Assert.Empty(await JudgeAsync("running", nextOffset: 5));
        _time.Advance(LivenessCheck.Limit - TimeSpan.FromSeconds(1));
        Assert.Empty(await JudgeAsync("running", nextOffset: 5));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await JudgeAsync("running", nextOffset: 5));

        Assert.Equal(["partition 0 stays at 5 while the log goes on"], await JudgeAsync("running", nextOffset: 5));
    }

    [Fact]
    public async Task A_silo_that_moves_on_again_is_live_again()
    {
        _probe.Ends[0] = 12;
        await JudgeAsync("running", nextOffset: 5);
        _time.Advance(LivenessCheck.Limit);
        await JudgeAsync("running", nextOffset: 5);
        Assert.Single(await JudgeAsync("running", nextOffset: 5));

        Assert.Empty(await JudgeAsync("running", nextOffset: 6));
    }

    [Fact]
    public async Task A_message_that_has_just_come_to_a_partition_that_seldom_gets_one_is_no_fault()
    {
        _probe.Ends[0] = 5;
        await JudgeAsync("running", nextOffset: 5);
        _time.Advance(LivenessCheck.Limit);
        _probe.Ends[0] = 6;

        Assert.Empty(await JudgeAsync("running", nextOffset: 5));
        Assert.Empty(await JudgeAsync("running", nextOffset: 6));
    }

    [Fact]
    public async Task A_partition_that_has_everything_is_no_fault()
    {
        _probe.Ends[0] = 5;
        await JudgeAsync("running", nextOffset: 5);
        _time.Advance(LivenessCheck.Limit);

        Assert.Empty(await JudgeAsync("running", nextOffset: 5));
    }

    [Theory]
    [InlineData("backing_off")]
    [InlineData("stopped")]
    [InlineData("paused")]
    public async Task A_partition_that_is_known_not_to_store_is_no_fault(string state)
    {
        _probe.Ends[0] = 12;
        await JudgeAsync(state, nextOffset: 5);
        _time.Advance(LivenessCheck.Limit);

        Assert.Empty(await JudgeAsync(state, nextOffset: 5));
    }

    [Fact]
    public async Task Time_without_the_store_does_not_count()
    {
        _probe.Ends[0] = 12;
        await JudgeAsync("running", nextOffset: 5);
        _time.Advance(LivenessCheck.Limit);
        Assert.Empty(await JudgeAsync("running", nextOffset: 5, "store: no answer within 1.5 s"));

        Assert.Empty(await JudgeAsync("running", nextOffset: 5));
    }

    [Fact]
    public async Task Other_silos_partitions_are_theirs()
    {
        var check = new LivenessCheck(_probe, "b", _time);
        _probe.Ends[0] = 12;
        await check.JudgeAsync(Status("running", 5), Cancellation);
        _time.Advance(LivenessCheck.Limit);

        Assert.Empty(await check.JudgeAsync(Status("running", 5), Cancellation));
    }

    [Fact]
    public async Task A_log_that_answers_only_a_new_client_is_a_fault()
    {
        _probe.SinceLastAnswer = LivenessCheck.Limit;

        Assert.Equal(["the log answers a new client, but not those in use"], await JudgeAsync("backing_off", nextOffset: 5));
    }

    [Fact]
    public async Task A_log_that_answers_nobody_is_not_judged()
    {
        _probe.SinceLastAnswer = LivenessCheck.Limit;
        _probe.IsOut = true;

        await Assert.ThrowsAsync<TimeoutException>(() => JudgeAsync("running", nextOffset: 5));
    }

    private Task<IReadOnlyList<string>> JudgeAsync(string state, long nextOffset, params string[] errors) =>
        _check.JudgeAsync(Status(state, nextOffset, errors), Cancellation);

    private static PipelineStatus Status(string state, long nextOffset, params string[] errors) => new(
        new ProducersStatus(0, 0, 0),
        new ConsumersStatus(1, [new PartitionStatus(0, 0, "a", nextOffset, nextOffset, 0, state, null, 0)]),
        new AggregationStatus(null, false, false, null, null, [], 0, null),
        new TotalsStatus(0, 0, 0, 0, 0, 0, 0, 0),
        0,
        [],
        new LiveStatus(0, 0),
        [],
        errors);

    private sealed class Probe : ILogProbe
    {
        public TimeSpan SinceLastAnswer { get; set; }

        public bool IsOut { get; set; }

        public Dictionary<int, long> Ends { get; } = [];

        public Task<IReadOnlyDictionary<int, long>> ProbeEndsAsync(
            IReadOnlyCollection<int> partitions, CancellationToken cancellationToken) =>
            IsOut
                ? Task.FromException<IReadOnlyDictionary<int, long>>(new TimeoutException())
                : Task.FromResult<IReadOnlyDictionary<int, long>>(Ends);
    }
}
