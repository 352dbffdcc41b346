using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ClickOrleans.Pipeline.Log;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Kafka.Native;

/// <summary>
/// A librdkafka consumer of one partition, by its simple consumer interface: no group, no rebalancing. Fetching goes on in
/// librdkafka's threads as far as its queue limits allow. Used by one caller at a time.
/// </summary>
internal sealed unsafe class NativeConsumer : IDisposable
{
    private readonly int _partition;
    private readonly NativeClient _client;
    private GCHandle _self;
    private nint _topic;
    private nint _queue;

    /// <exception cref="KafkaException">librdkafka refused; never because a server is out of reach.</exception>
    public NativeConsumer(
        IEnumerable<KeyValuePair<string, string>> properties, string topic, int partition, long offset, ILogger logger)
    {
        _partition = partition;
        _client = new(Librdkafka.Consumer, properties, logger);
        _self = GCHandle.Alloc(this);
        try
        {
            _queue = Librdkafka.NewQueue(_client.Handle);
            Librdkafka.EnableEvents(_queue, &Arrived, GCHandle.ToIntPtr(_self));
            _topic = Librdkafka.NewTopic(_client.Handle, topic, 0);
            if (_topic == 0 || Librdkafka.Start(_topic, partition, offset, _queue) != 0)
            {
                throw new KafkaException((ErrorCode)Librdkafka.LastError());
            }
        }
        catch
        {
            Free();
            throw;
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

    /// <summary>Runs what librdkafka has put aside for the application's thread, such as a token's renewal.</summary>
    public void Serve() => _ = Librdkafka.Poll(_client.Handle, 0);

    /// <summary>Blocks until librdkafka's threads have ended.</summary>
    public void Dispose()
    {
        if (_client.Handle != 0)
        {
            _ = Librdkafka.Stop(_topic, _partition);
            Free();
        }
    }

    private void Free()
    {
        if (_queue != 0)
        {
            Librdkafka.EnableEvents(_queue, null, 0);
        }

        if (_topic != 0)
        {
            Librdkafka.DestroyTopic(_topic);
        }

        if (_queue != 0)
        {
            Librdkafka.DestroyQueue(_queue);
        }

        _topic = _queue = 0;
        _client.Dispose();

        // Not before: until then librdkafka's threads may raise events.
        _self.Free();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Arrived(nint client, nint self)
    {
        try
        {
            (GCHandle.FromIntPtr(self).Target as NativeConsumer)?.Arrivals.Raise();
        }
        catch (Exception)
        {
            // No exception may reach librdkafka's thread; the reader finds the messages when its wait has passed.
        }
    }
}
