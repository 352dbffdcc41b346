using Confluent.Kafka;

namespace ClickOrleans.Kafka;

/// <summary>A partition's offset, as it was asked for, or why it is not known.</summary>
internal readonly record struct ListedOffset(int Partition, long Offset, ErrorCode Error);
