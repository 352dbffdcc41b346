using System.Runtime.InteropServices;

namespace ClickOrleans.Kafka.Native;

/// <summary>
/// The functions of librdkafka (rdkafka.h) that ask a cluster about topics and offsets. Confluent.Kafka's admin client is not
/// used: it does not survive the description of a partition without in-sync replicas, as a broker gives it on its way down.
/// </summary>
/// <remarks>Everything here needs a client, and whoever makes one has loaded the library: see <see cref="Librdkafka"/>.</remarks>
internal static unsafe partial class LibrdkafkaAdmin
{
    public const int Producer = 0;
    public const int CreateTopicsOperation = 1;
    public const int DescribeTopicsOperation = 19;
    public const int ListOffsetsOperation = 21;
    public const int ReadUncommitted = 0;
    public const int ReadCommitted = 1;
    public const long Earliest = -2;
    public const long Latest = -1;

    private const string Name = "librdkafka";

    [LibraryImport(Name, EntryPoint = "rd_kafka_AdminOptions_new")]
    public static partial nint NewOptions(nint client, int operation);

    [LibraryImport(Name, EntryPoint = "rd_kafka_AdminOptions_destroy")]
    public static partial void DestroyOptions(nint options);

    /// <summary>The time for everything: finding the broker, connecting, sending and the answer.</summary>
    [LibraryImport(Name, EntryPoint = "rd_kafka_AdminOptions_set_request_timeout")]
    public static partial int SetRequestTimeout(nint options, int timeoutMs, byte* error, nuint errorSize);

    [LibraryImport(Name, EntryPoint = "rd_kafka_AdminOptions_set_operation_timeout")]
    public static partial int SetOperationTimeout(nint options, int timeoutMs, byte* error, nuint errorSize);

    [LibraryImport(Name, EntryPoint = "rd_kafka_AdminOptions_set_isolation_level")]
    public static partial nint SetIsolationLevel(nint options, int level);

    [LibraryImport(Name, EntryPoint = "rd_kafka_AdminOptions_set_opaque")]
    public static partial void SetOpaque(nint options, nint opaque);

    [LibraryImport(Name, EntryPoint = "rd_kafka_queue_cb_event_enable")]
    public static partial void OnArrival(nint queue, delegate* unmanaged[Cdecl]<nint, nint, void> arrived, nint opaque);

    [LibraryImport(Name, EntryPoint = "rd_kafka_queue_poll")]
    public static partial nint PollQueue(nint queue, int timeoutMs);

    /// <summary>The opaque of the question that the event answers.</summary>
    [LibraryImport(Name, EntryPoint = "rd_kafka_event_opaque")]
    public static partial nint EventOpaque(nint answer);

    [LibraryImport(Name, EntryPoint = "rd_kafka_event_error")]
    public static partial int EventError(nint answer);

    [LibraryImport(Name, EntryPoint = "rd_kafka_event_error_string")]
    public static partial byte* EventErrorText(nint answer);

    [LibraryImport(Name, EntryPoint = "rd_kafka_event_destroy")]
    public static partial void DestroyEvent(nint answer);

    [LibraryImport(Name, EntryPoint = "rd_kafka_TopicCollection_of_topic_names")]
    public static partial nint NewTopicNames(byte** names, nuint count);

    [LibraryImport(Name, EntryPoint = "rd_kafka_TopicCollection_destroy")]
    public static partial void DestroyTopicNames(nint names);

    [LibraryImport(Name, EntryPoint = "rd_kafka_DescribeTopics")]
    public static partial void DescribeTopics(nint client, nint names, nint options, nint queue);

    /// <summary>The result is the event itself, or null where the event is another's.</summary>
    [LibraryImport(Name, EntryPoint = "rd_kafka_event_DescribeTopics_result")]
    public static partial nint DescribeTopicsResult(nint answer);

    [LibraryImport(Name, EntryPoint = "rd_kafka_DescribeTopics_result_topics")]
    public static partial nint* DescribedTopics(nint result, nuint* count);

    [LibraryImport(Name, EntryPoint = "rd_kafka_TopicDescription_error")]
    public static partial nint TopicError(nint topic);

    [LibraryImport(Name, EntryPoint = "rd_kafka_TopicDescription_topic_id")]
    public static partial nint TopicId(nint topic);

    [LibraryImport(Name, EntryPoint = "rd_kafka_TopicDescription_partitions")]
    public static partial nint* TopicPartitions(nint topic, nuint* count);

    /// <summary>Null where the partition has no leader.</summary>
    [LibraryImport(Name, EntryPoint = "rd_kafka_TopicPartitionInfo_leader")]
    public static partial nint PartitionLeader(nint partition);

    [LibraryImport(Name, EntryPoint = "rd_kafka_TopicPartitionInfo_partition")]
    public static partial int PartitionNumber(nint partition);

    [LibraryImport(Name, EntryPoint = "rd_kafka_Node_id")]
    public static partial int NodeId(nint node);

    [LibraryImport(Name, EntryPoint = "rd_kafka_Uuid_most_significant_bits")]
    public static partial long MostSignificantBits(nint id);

    [LibraryImport(Name, EntryPoint = "rd_kafka_Uuid_least_significant_bits")]
    public static partial long LeastSignificantBits(nint id);

    [LibraryImport(Name, EntryPoint = "rd_kafka_error_code")]
    public static partial int ErrorCode(nint error);

    [LibraryImport(Name, EntryPoint = "rd_kafka_error_string")]
    public static partial byte* ErrorText(nint error);

    [LibraryImport(Name, EntryPoint = "rd_kafka_topic_partition_list_new")]
    public static partial nint NewPartitions(int size);

    [LibraryImport(Name, EntryPoint = "rd_kafka_topic_partition_list_add", StringMarshalling = StringMarshalling.Utf8)]
    public static partial NativePartition* AddPartition(nint list, string topic, int partition);

    [LibraryImport(Name, EntryPoint = "rd_kafka_topic_partition_list_destroy")]
    public static partial void DestroyPartitions(nint list);

    [LibraryImport(Name, EntryPoint = "rd_kafka_ListOffsets")]
    public static partial void ListOffsets(nint client, nint partitions, nint options, nint queue);

    [LibraryImport(Name, EntryPoint = "rd_kafka_event_ListOffsets_result")]
    public static partial nint ListOffsetsResult(nint answer);

    [LibraryImport(Name, EntryPoint = "rd_kafka_ListOffsets_result_infos")]
    public static partial nint* ListedOffsets(nint result, nuint* count);

    [LibraryImport(Name, EntryPoint = "rd_kafka_ListOffsetsResultInfo_topic_partition")]
    public static partial NativePartition* ListedPartition(nint info);

    [LibraryImport(Name, EntryPoint = "rd_kafka_NewTopic_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint NewTopic(string topic, int partitions, int replicationFactor, byte* error, nuint errorSize);

    [LibraryImport(Name, EntryPoint = "rd_kafka_NewTopic_set_config", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetTopicConfiguration(nint newTopic, string name, string value);

    [LibraryImport(Name, EntryPoint = "rd_kafka_NewTopic_destroy")]
    public static partial void DestroyNewTopic(nint newTopic);

    [LibraryImport(Name, EntryPoint = "rd_kafka_CreateTopics")]
    public static partial void CreateTopics(nint client, nint* newTopics, nuint count, nint options, nint queue);

    [LibraryImport(Name, EntryPoint = "rd_kafka_event_CreateTopics_result")]
    public static partial nint CreateTopicsResult(nint answer);

    [LibraryImport(Name, EntryPoint = "rd_kafka_CreateTopics_result_topics")]
    public static partial nint* CreatedTopics(nint result, nuint* count);

    [LibraryImport(Name, EntryPoint = "rd_kafka_topic_result_error")]
    public static partial int TopicResultError(nint result);

    [LibraryImport(Name, EntryPoint = "rd_kafka_topic_result_error_string")]
    public static partial byte* TopicResultErrorText(nint result);
}
