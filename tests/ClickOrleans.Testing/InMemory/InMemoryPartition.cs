using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Testing.InMemory;

/// <summary>The messages of one partition.</summary>
internal sealed class InMemoryPartition
{
    private readonly Lock _gate = new();
    private readonly List<RawMessage> _messages = [];
    private TaskCompletionSource? _arrival;

    public long End
    {
        get
        {
            lock (_gate)
            {
                return _messages.Count;
            }
        }
    }

    public void Append(DateTime at, byte[]? key, byte[] value)
    {
        TaskCompletionSource? arrival;
        lock (_gate)
        {
            _messages.Add(new RawMessage(_messages.Count, at, key, value));
            (arrival, _arrival) = (_arrival, null);
        }

        // Whoever waits is continued by its own scheduler.
        arrival?.SetResult();
    }

    /// <summary>The message at an offset, or what completes at the next append where there is none yet.</summary>
    public RawMessage? Find(long offset, out Task arrival)
    {
        lock (_gate)
        {
            arrival = Task.CompletedTask;
            if (offset < _messages.Count)
            {
                return _messages[(int)offset];
            }

            arrival = (_arrival ??= new TaskCompletionSource()).Task;
            return null;
        }
    }
}
