namespace ClickOrleans.Testing.InMemory.Store;

internal readonly record struct PartitionKey(short LogId, int Partition)
{
    public static readonly IComparer<PartitionKey> ByLogAndPartition = Comparer<PartitionKey>.Create(
        (one, other) => (one.LogId, one.Partition).CompareTo((other.LogId, other.Partition)));
}
