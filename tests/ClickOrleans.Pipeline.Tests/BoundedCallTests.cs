using ClickOrleans.Testing;
using Microsoft.Extensions.Time.Testing;

namespace ClickOrleans.Pipeline.Tests;

public sealed class BoundedCallTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1.5);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task An_answer_in_time_is_returned() =>
        Assert.Equal(7, await BoundedCall.RunAsync(_ => Task.FromResult(7), Timeout, _time));

    [Fact]
    public async Task A_silent_server_is_given_up_and_its_call_cancelled()
    {
        CancellationToken seen = default;
        var call = BoundedCall.RunAsync(
            token =>
            {
                seen = token;
                return new TaskCompletionSource<int>().Task;
            },
            Timeout,
            _time);
        Assert.False(call.IsCompleted);

        _time.Advance(Timeout);

        var exception = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Equal("no answer within 1.5 s", exception.Message);
        await Poll.UntilAsync(() => seen.IsCancellationRequested);
    }

    /// <summary>Npgsql's cancellation reads from a connection of its own, which a server that is silent never ends.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cancellation_that_blocks_holds_up_nobody(bool byTimeout)
    {
        using var release = new ManualResetEventSlim();
        using var caller = new CancellationTokenSource();
        var isRegistered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = BoundedCall.RunAsync(
            async token =>
            {
                // As the second statement of a call: its registration comes after the caller has begun to wait.
                await Task.Yield();
                await using var registration = token.Register(release.Wait);
                isRegistered.SetResult();
                return await new TaskCompletionSource<int>().Task;
            },
            Timeout,
            _time,
            caller.Token);
        await isRegistered.Task;

        var giveUp = Task.Run(
            () =>
            {
                if (byTimeout)
                {
                    _time.Advance(Timeout);
                }
                else
                {
                    caller.Cancel();
                }
            },
            TestContext.Current.CancellationToken);

        try
        {
            await Assert.ThrowsAnyAsync<Exception>(() => call.WaitAsync(Poll.DefaultTimeout));
            await giveUp.WaitAsync(Poll.DefaultTimeout, TestContext.Current.CancellationToken);
            Assert.True(call.IsCompleted);
        }
        finally
        {
            release.Set();
        }
    }

    [Fact]
    public async Task The_caller_s_own_cancellation_stays_one()
    {
        using var caller = new CancellationTokenSource();
        var call = BoundedCall.RunAsync(_ => new TaskCompletionSource<int>().Task, Timeout, _time, caller.Token);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task A_failure_stays_what_it_is() =>
        await Assert.ThrowsAsync<IOException>(() => BoundedCall.RunAsync<int>(_ => throw new IOException(), Timeout, _time));
}
