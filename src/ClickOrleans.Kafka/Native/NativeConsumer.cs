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
    private readonly ILogger _logger;
    private GCHandle _self;
    private nint _client;
    private nint _topic;
    private nint _queue;

    /// <exception cref="KafkaException">librdkafka refused; never because a server is out of reach.</exception>
    public NativeConsumer(
        IEnumerable<KeyValuePair<string, string>> properties, string topic, int partition, long offset, ILogger logger)
    {
        _partition = partition;
        _logger = logger;
        _self = GCHandle.Alloc(this);
        try
        {
            _client = New(properties);
            _queue = Librdkafka.NewQueue(_client);
            Librdkafka.EnableEvents(_queue, &Arrived, GCHandle.ToIntPtr(_self));
            _topic = Librdkafka.NewTopic(_client, topic, 0);
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
    public void Serve() => _ = Librdkafka.Poll(_client, 0);

    /// <summary>Blocks until librdkafka's threads have ended.</summary>
    public void Dispose()
    {
        if (_client != 0)
        {
            _ = Librdkafka.Stop(_topic, _partition);
            Free();
        }
    }

    private nint New(IEnumerable<KeyValuePair<string, string>> properties)
    {
        using var configuration = new NativeConfiguration();
        foreach (var (name, value) in properties)
        {
            if (configuration.TrySet(name, value) is { } refusal)
            {
                throw new KafkaException(new Error(ErrorCode.Local_InvalidArg, refusal));
            }
        }

        Librdkafka.SetOpaque(configuration.Handle, GCHandle.ToIntPtr(_self));
        Librdkafka.SetLog(configuration.Handle, &Log);
        var error = stackalloc byte[NativeConfiguration.ErrorSize];
        var client = Librdkafka.New(Librdkafka.Consumer, configuration.Handle, error, NativeConfiguration.ErrorSize);
        if (client == 0)
        {
            throw new KafkaException(new Error(ErrorCode.Local_Fail, Marshal.PtrToStringUTF8((nint)error)));
        }

        configuration.Release();
        return client;
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

        if (_client != 0)
        {
            Librdkafka.Destroy(_client);
        }

        // Not before: until then librdkafka's threads may log.
        _topic = _queue = _client = 0;
        _self.Free();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Log(nint client, int level, byte* facility, byte* text)
    {
        try
        {
            if (client != 0 && GCHandle.FromIntPtr(Librdkafka.Opaque(client)).Target is NativeConsumer consumer)
            {
                consumer._logger.Librdkafka(level, Marshal.PtrToStringUTF8((nint)facility), Marshal.PtrToStringUTF8((nint)text));
            }
        }
        catch (Exception)
        {
            // No exception may reach librdkafka's thread; a line of log is lost.
        }
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
