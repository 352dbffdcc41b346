using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ClickOrleans.Pipeline.Log;
using Confluent.Kafka;

namespace ClickOrleans.Kafka.Native;

/// <summary>A partition that a consumer fetches into a queue of its own. Used by one caller at a time.</summary>
internal sealed unsafe class NativePartitionQueue : IDisposable
{
    private readonly nint _topic;
    private readonly int _partition;
    private GCHandle _self;
    private nint _queue;

    /// <exception cref="KafkaException">librdkafka refused; never because a server is out of reach.</exception>
    public NativePartitionQueue(NativeClient client, nint topic, int partition, long offset)
    {
        (_topic, _partition) = (topic, partition);
        _self = GCHandle.Alloc(this);
        _queue = Librdkafka.NewQueue(client.Handle);
        Librdkafka.EnableEvents(_queue, &Arrived, GCHandle.ToIntPtr(_self));
        if (Librdkafka.Start(topic, partition, offset, _queue) != 0)
        {
            var refusal = new KafkaException((ErrorCode)Librdkafka.LastError());
            Free();
            throw refusal;
        }
    }

    /// <summary>Raised when messages come after <see cref="Consume"/> has taken the last.</summary>
    public ArrivalSignal Arrivals { get; } = new();

    /// <summary>Takes what has been fetched, without waiting.</summary>
    /// <returns>How many messages were put at the start of <paramref name="messages"/>; each must be destroyed.</returns>
    public int Consume(Span<nint> messages)
    {
        fixed (nint* first = messages)
        {
            var taken = (int)Librdkafka.Consume(_queue, 0, (NativeMessage**)first, (nuint)messages.Length);
            return taken >= 0 ? taken : throw new KafkaException((ErrorCode)Librdkafka.LastError());
        }
    }

    /// <summary>Stops fetching, drops what was not taken. Waits for librdkafka's main thread, not for a server.</summary>
    public void Dispose()
    {
        if (_queue != 0)
        {
            _ = Librdkafka.Stop(_topic, _partition);
            Free();
        }
    }

    private void Free()
    {
        // When this returns, no event is under way and none comes any more.
        Librdkafka.EnableEvents(_queue, null, 0);
        Librdkafka.DestroyQueue(_queue);
        _queue = 0;
        _self.Free();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Arrived(nint client, nint self)
    {
        try
        {
            (GCHandle.FromIntPtr(self).Target as NativePartitionQueue)?.Arrivals.Raise();
        }
        catch (Exception)
        {
            // No exception may reach librdkafka's thread; the reader finds the messages when its wait has passed.
        }
    }
}
