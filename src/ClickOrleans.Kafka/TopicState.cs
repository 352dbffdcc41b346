namespace ClickOrleans.Kafka;

/// <summary>What the cluster says about the topic.</summary>
/// <param name="TopicId">Null while there is no topic of the name.</param>
internal readonly record struct TopicState(Guid? TopicId, int Partitions);
