namespace ClickOrleans.Kafka;

/// <summary>
/// How many partitions of a silo read a backlog at a time. Fetched messages need memory where many wait, and only there: so many
/// queues can be full, however many partitions there are. First come, first served; who has read its share gives way.
/// </summary>
internal sealed class BacklogTurns(int atATime)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = new();
    private int _free = atATime;

    /// <summary>Whether somebody waits.</summary>
    public bool AreWanted
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count > 0;
            }
        }
    }

    /// <summary>Takes a turn if one is free, which it is only while nobody waits.</summary>
    public bool TryTake()
    {
        lock (_gate)
        {
            if (_free == 0)
            {
                return false;
            }

            _free--;
            return true;
        }
    }

    /// <summary>Ends when the turn is the caller's, who gives it back.</summary>
    /// <exception cref="OperationCanceledException"/>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        if (TryTake())
        {
            return;
        }

        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        LinkedListNode<TaskCompletionSource> place;
        lock (_gate)
        {
            place = _waiting.AddLast(turn);
            Deal();
        }

        await using var cancelled = cancellationToken.Register(() => GiveUp(place));
        await turn.Task;
    }

    public void GiveBack()
    {
        lock (_gate)
        {
            _free++;
            Deal();
        }
    }

    private void Deal()
    {
        while (_free > 0 && _waiting.First is { } first)
        {
            _free--;
            _waiting.Remove(first);
            first.Value.SetResult();
        }
    }

    private void GiveUp(LinkedListNode<TaskCompletionSource> place)
    {
        lock (_gate)
        {
            if (place.List is not null)
            {
                _waiting.Remove(place);
                place.Value.SetCanceled();
            }
        }
    }
}
