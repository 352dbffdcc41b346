using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ClickOrleans.Kafka.Native;

/// <summary>
/// The functions of librdkafka (rdkafka.h) that read many messages in one call: Confluent.Kafka hands out one object per
/// message and per call, which costs more than the reading itself. The library is the one that Confluent.Kafka brings.
/// </summary>
internal static unsafe partial class Librdkafka
{
    public const int Consumer = 1;
    public const int ConfigurationOk = 0;
    public const int LogAppendTime = 2;
    public const int NoConsumerClose = 8;

    private const string Name = "librdkafka";

    /// <summary>The builds that Confluent.Kafka tries one after the other: without Cyrus SASL, and for musl.</summary>
    private static readonly string[] Builds = [Name, "centos8-librdkafka", "alpine-librdkafka"];

    [SuppressMessage("Performance", "CA1810", Justification = "The resolver must be there before the first call.")]
    static Librdkafka() => NativeLibrary.SetDllImportResolver(typeof(Librdkafka).Assembly, Resolve);

    [LibraryImport(Name, EntryPoint = "rd_kafka_conf_new")]
    public static partial nint NewConfiguration();

    [LibraryImport(Name, EntryPoint = "rd_kafka_conf_destroy")]
    public static partial void DestroyConfiguration(nint configuration);

    [LibraryImport(Name, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Set(nint configuration, string name, string value, byte* error, nuint errorSize);

    [LibraryImport(Name, EntryPoint = "rd_kafka_conf_set_opaque")]
    public static partial void SetOpaque(nint configuration, nint opaque);

    [LibraryImport(Name, EntryPoint = "rd_kafka_conf_set_log_cb")]
    public static partial void SetLog(nint configuration, delegate* unmanaged[Cdecl]<nint, int, byte*, byte*, void> log);

    [LibraryImport(Name, EntryPoint = "rd_kafka_opaque")]
    public static partial nint Opaque(nint client);

    /// <summary>Takes <paramref name="configuration"/> over where it succeeds.</summary>
    [LibraryImport(Name, EntryPoint = "rd_kafka_new")]
    public static partial nint New(int type, nint configuration, byte* error, nuint errorSize);

    /// <summary>Waits for the client's threads; a consumer leaves no group that it never joined.</summary>
    [LibraryImport(Name, EntryPoint = "rd_kafka_destroy_flags")]
    public static partial void Destroy(nint client, int flags);

    [LibraryImport(Name, EntryPoint = "rd_kafka_poll")]
    public static partial int Poll(nint client, int timeoutMs);

    [LibraryImport(Name, EntryPoint = "rd_kafka_topic_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint NewTopic(nint client, string topic, nint configuration);

    [LibraryImport(Name, EntryPoint = "rd_kafka_topic_destroy")]
    public static partial void DestroyTopic(nint topic);

    [LibraryImport(Name, EntryPoint = "rd_kafka_queue_new")]
    public static partial nint NewQueue(nint client);

    [LibraryImport(Name, EntryPoint = "rd_kafka_queue_destroy")]
    public static partial void DestroyQueue(nint queue);

    /// <summary>
    /// Has <paramref name="arrived"/> called whenever something comes into the empty queue: on a thread of librdkafka, under the
    /// queue's lock, which it must not need. Null ends that; when this returns, no call is under way.
    /// </summary>
    [LibraryImport(Name, EntryPoint = "rd_kafka_queue_cb_event_enable")]
    public static partial void EnableEvents(nint queue, delegate* unmanaged[Cdecl]<nint, nint, void> arrived, nint opaque);

    [LibraryImport(Name, EntryPoint = "rd_kafka_last_error")]
    public static partial int LastError();

    [LibraryImport(Name, EntryPoint = "rd_kafka_consume_start_queue")]
    public static partial int Start(nint topic, int partition, long offset, nint queue);

    [LibraryImport(Name, EntryPoint = "rd_kafka_consume_stop")]
    public static partial int Stop(nint topic, int partition);

    /// <summary>Waits until <paramref name="size"/> messages came or the time is over; with 0 takes what is there.</summary>
    [LibraryImport(Name, EntryPoint = "rd_kafka_consume_batch_queue")]
    public static partial nint Consume(nint queue, int timeoutMs, NativeMessage** messages, nuint size);

    /// <summary>Commits offsets of the client's group; the answer comes into <paramref name="queue"/>.</summary>
    [LibraryImport(Name, EntryPoint = "rd_kafka_commit_queue")]
    public static partial int Commit(nint client, nint offsets, nint queue, nint callback, nint opaque);

    [LibraryImport(Name, EntryPoint = "rd_kafka_message_destroy")]
    public static partial void DestroyMessage(NativeMessage* message);

    /// <summary>Unix milliseconds, -1 if there is none. Reads one field, hence without the switch to native state.</summary>
    [LibraryImport(Name, EntryPoint = "rd_kafka_message_timestamp")]
    [SuppressGCTransition]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial long Timestamp(NativeMessage* message, int* type);

    /// <summary>-1 if there is none. Reads one field, too.</summary>
    [LibraryImport(Name, EntryPoint = "rd_kafka_message_leader_epoch")]
    [SuppressGCTransition]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int LeaderEpoch(NativeMessage* message);

    /// <summary>The message's headers, which stay its own. An error where it has none.</summary>
    [LibraryImport(Name, EntryPoint = "rd_kafka_message_headers")]
    public static partial int Headers(NativeMessage* message, nint* headers);

    /// <summary>The last header of this name: its value stays the message's own.</summary>
    [LibraryImport(Name, EntryPoint = "rd_kafka_header_get_last")]
    public static partial int LastHeader(nint headers, byte* name, byte** value, nuint* size);

    private static nint Resolve(string library, Assembly assembly, DllImportSearchPath? search)
    {
        if (library == Name)
        {
            foreach (var build in Builds)
            {
                if (NativeLibrary.TryLoad(build, assembly, search, out var handle))
                {
                    return handle;
                }
            }
        }

        return 0;
    }
}
