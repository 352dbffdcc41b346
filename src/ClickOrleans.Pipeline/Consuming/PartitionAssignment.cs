namespace ClickOrleans.Pipeline.Consuming;

/// <summary>Which partitions a consumer reads: consumer <c>i</c> of <c>N</c> those with <c>p mod N = i</c>.</summary>
public static class PartitionAssignment
{
    public static IReadOnlyList<int> Of(int consumer, int consumers, int partitions) =>
        consumer < 0 || consumer >= consumers
            ? []
            : [.. Enumerable.Range(0, partitions).Where(partition => partition % consumers == consumer)];
}
