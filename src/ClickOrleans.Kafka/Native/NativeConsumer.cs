using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Kafka.Native;

/// <summary>
/// A librdkafka consumer of one partition, by its simple consumer interface: no group, no rebalancing. Fetching goes on in
/// librdkafka's threads as far as its queue limits allow. Used by one thread at a time.
/// </summary>
internal sealed unsafe class NativeConsumer : IDisposable
{
    private readonly int _partition;
    private GCHandle _logger;
    private nint _client;
    private nint _topic;
    private nint _queue;

    /// <exception cref="KafkaException">librdkafka refused; never because a server is out of reach.</exception>
    public NativeConsumer(IEnumerable<KeyValuePair<string, string>> properties, string topic, int partition, long offset, ILogger logger)
    {
        _partition = partition;
        _logger = GCHandle.Alloc(logger);
        try
        {
            _client = New(properties);
            _queue = Librdkafka.NewQueue(_client);
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

    /// <summary>Takes what has been fetched, or waits for the first message for at most the given time.</summary>
    /// <returns>How many messages were put at the start of <paramref name="messages"/>; each must be destroyed.</returns>
    public int Consume(Span<nint> messages, int timeoutMs)
    {
        fixed (nint* first = messages)
        {
            var into = (NativeMessage**)first;
            var taken = Take(into, 0, messages.Length);
            if (taken == 0 && timeoutMs > 0)
            {
                // Asked for more than one, librdkafka would wait for all of them.
                taken = Take(into, timeoutMs, 1);
                taken += taken == 1 ? Take(into + 1, 0, messages.Length - 1) : 0;
            }

            return taken;
        }
    }

    /// <summary>Runs what librdkafka has put aside for the application's thread, such as a token's renewal.</summary>
    public void Serve() => _ = Librdkafka.Poll(_client, 0);

    public void Dispose()
    {
        if (_client != 0)
        {
            _ = Librdkafka.Stop(_topic, _partition);
            Free();
        }
    }

    private int Take(NativeMessage** into, int timeoutMs, int size)
    {
        var taken = (int)Librdkafka.Consume(_queue, timeoutMs, into, (nuint)size);
        return taken >= 0 ? taken : throw new KafkaException((ErrorCode)Librdkafka.LastError());
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

        Librdkafka.SetOpaque(configuration.Handle, GCHandle.ToIntPtr(_logger));
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

        _topic = _queue = _client = 0;
        _logger.Free();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Log(nint client, int level, byte* facility, byte* text)
    {
        try
        {
            if (client != 0 && GCHandle.FromIntPtr(Librdkafka.Opaque(client)).Target is ILogger logger)
            {
                logger.Librdkafka(level, Marshal.PtrToStringUTF8((nint)facility), Marshal.PtrToStringUTF8((nint)text));
            }
        }
        catch (Exception)
        {
            // No exception may reach librdkafka's thread; a line of log is lost.
        }
    }
}
