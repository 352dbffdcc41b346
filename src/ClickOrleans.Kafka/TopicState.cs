using Confluent.Kafka;

namespace ClickOrleans.Kafka;

/// <summary>What the cluster says about the topic.</summary>
/// <param name="TopicId">Null while there is no topic of the name.</param>
/// <param name="Leaders">The broker that leads each partition, or <see cref="NoLeader"/>.</param>
internal readonly record struct TopicState(Guid? TopicId, IReadOnlyList<int> Leaders)
{
    public const int NoLeader = -1;

    private const string NoTopicId =
        "the broker tells no topic id, so that a topic deleted and created again could not be told from the one before; "
        + "needed are Metadata responses of version 10 or later, which Apache Kafka has since 2.8";

    public int Partitions => Leaders?.Count ?? 0;

    /// <summary>A topic as a broker describes it.</summary>
    /// <exception cref="KafkaException">
    /// It has no id (all bits zero), as of a broker with an older protocol: two logs of one name would be taken for one.
    /// </exception>
    public static TopicState Of(Guid id, IReadOnlyList<int> leaders) => id != Guid.Empty
        ? new(id, leaders)
        : throw new KafkaException(new Error(ErrorCode.Local_UnsupportedFeature, NoTopicId));

    /// <summary>Whether the cluster lacks what the log needs, which waiting does not change.</summary>
    public static bool IsUnsupported(KafkaException exception) => exception.Error.Code is ErrorCode.Local_UnsupportedFeature;
}
