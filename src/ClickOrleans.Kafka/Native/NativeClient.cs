using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Kafka.Native;

/// <summary>A librdkafka client, which logs to ours.</summary>
internal sealed unsafe class NativeClient : IDisposable
{
    private GCHandle _logger;

    /// <exception cref="KafkaException">librdkafka refused; never because a server is out of reach.</exception>
    public NativeClient(int type, IEnumerable<KeyValuePair<string, string>> properties, ILogger logger)
    {
        _logger = GCHandle.Alloc(logger);
        try
        {
            Handle = New(type, properties);
        }
        catch
        {
            _logger.Free();
            throw;
        }
    }

    public nint Handle { get; private set; }

    /// <summary>Waits for librdkafka's threads. Whatever was made with the client must be gone before.</summary>
    public void Dispose()
    {
        if (Handle != 0)
        {
            Librdkafka.Destroy(Handle, Librdkafka.NoConsumerClose);
            Handle = 0;
            _logger.Free();
        }
    }

    private nint New(int type, IEnumerable<KeyValuePair<string, string>> properties)
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
        var client = Librdkafka.New(type, configuration.Handle, error, NativeConfiguration.ErrorSize);
        if (client == 0)
        {
            throw new KafkaException(new Error(ErrorCode.Local_Fail, Marshal.PtrToStringUTF8((nint)error)));
        }

        configuration.Release();
        return client;
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
