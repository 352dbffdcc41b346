namespace ClickOrleans.Kafka;

/// <summary>What the cluster says about the topic.</summary>
/// <param name="TopicId">Null while there is no topic of the name.</param>
/// <param name="Leaders">The broker that leads each partition, or <see cref="NoLeader"/>.</param>
internal readonly record struct TopicState(Guid? TopicId, IReadOnlyList<int> Leaders)
{
    public const int NoLeader = -1;

    public int Partitions => Leaders?.Count ?? 0;
}
