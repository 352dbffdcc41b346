namespace ClickOrleans.Kafka.Tests;

public sealed class BacklogTurnsTests
{
    private readonly BacklogTurns _turns = new(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_waits_first_has_the_next_turn()
    {
        Assert.True(_turns.TryTake());
        var first = _turns.TakeAsync(Cancellation);
        var second = _turns.TakeAsync(Cancellation);
        Assert.True(_turns.AreWanted);

        _turns.GiveBack();
        await first;
        Assert.False(second.IsCompleted);
        Assert.False(_turns.TryTake());

        _turns.GiveBack();
        await second;
        Assert.False(_turns.AreWanted);
    }

    [Fact]
    public async Task Who_gives_up_waiting_keeps_no_turn()
    {
        Assert.True(_turns.TryTake());
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var waiting = _turns.TakeAsync(cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(_turns.AreWanted);
        _turns.GiveBack();
        Assert.True(_turns.TryTake());
    }
}
