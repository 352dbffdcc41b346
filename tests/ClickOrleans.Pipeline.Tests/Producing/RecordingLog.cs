using System.Text;
using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Pipeline.Tests.Producing;

/// <summary>Takes messages in memory, and does on each append what the test says.</summary>
internal sealed class RecordingLog : IClickLog
{
    private readonly List<int> _chunks = [];
    private readonly List<(string Key, byte[] Value)> _messages = [];

    /// <summary>Called with the number of the append, from 0, before anything is taken.</summary>
    public Func<int, CancellationToken, Task> BeforeAppend { get; set; } = (_, _) => Task.CompletedTask;

    public int Appends { get; private set; }

    /// <summary>The messages of the first append, in the memory in which they were given.</summary>
    public IReadOnlyList<LogMessage> FirstGiven { get; private set; } = [];

    /// <summary>The messages of the append that is going on, or was the last.</summary>
    public IReadOnlyList<LogMessage> LastGiven { get; private set; } = [];

    public IReadOnlyList<int> Chunks => _chunks;

    public IReadOnlyList<(string Key, byte[] Value)> Messages => _messages;

    public string Description => "memory";

    public string Topic => "clickstream";

    public async Task AppendAsync(IReadOnlyList<LogMessage> messages, CancellationToken cancellationToken)
    {
        LastGiven = messages;
        FirstGiven = Appends == 0 ? [.. messages] : FirstGiven;
        await BeforeAppend(Appends++, cancellationToken);
        _chunks.Add(messages.Count);
        _messages.AddRange(
            messages.Select(message => (Encoding.UTF8.GetString(message.Key!.Value.Span), message.Value.ToArray())));
    }

    public Task<LogIdentity> OpenAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<LogIdentity> IdentifyAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<int> GetPartitionCountAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<OffsetRange> GetOffsetsAsync(int partition, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ILogReader OpenReader(LogIdentity identity, int partition, long offset) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
