using ClickOrleans.Kafka.Native;
using ClickOrleans.Pipeline.Log;
using Confluent.Kafka;

namespace ClickOrleans.Kafka;

/// <summary>A consumer client and the partitions that it fetches.</summary>
internal sealed class SharedConsumer(NativeConsumer client, LogIdentity identity, TimeProvider time)
{
    /// <summary>A fault of one partition is no reason for another client while others get messages, and soon after.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private Task _stopping = Task.CompletedTask;
    private long _messageAt = time.GetTimestamp();

    public NativeConsumer Client => client;

    public LogIdentity Identity => identity;

    /// <summary>Changed under the owner's lock.</summary>
    public HashSet<int> Partitions { get; } = [];

    /// <summary>Whether it is used by nobody new. Changed under the owner's lock.</summary>
    public bool IsRetired { get; set; }

    /// <summary>Whether it should be retired.</summary>
    public bool IsSuspect { get; private set; }

    /// <summary>Says that a message has come.</summary>
    public void Received() => Volatile.Write(ref _messageAt, time.GetTimestamp());

    public void Suspect(KafkaException fault) =>
        IsSuspect |= fault.Error.IsFatal || time.GetElapsedTime(Volatile.Read(ref _messageAt)) > Patience;

    /// <summary>Stops fetching a partition: one after the other, so that few threads wait for librdkafka.</summary>
    public Task StopAsync(NativePartitionQueue queue)
    {
        lock (_gate)
        {
            return _stopping = StopAfterAsync(_stopping, queue);
        }
    }

    private static async Task StopAfterAsync(Task before, NativePartitionQueue queue)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        queue.Dispose();
    }
}
