namespace ClickOrleans.Silo.Status;

/// <summary>Since when the next offset of each partition has not moved, while its consumer says that it is at work.</summary>
public sealed class PartitionStalls(TimeProvider time)
{
    private Dictionary<int, (long NextOffset, long Since)> _seen = [];

    /// <summary>Takes the partitions of this silo as of now into account.</summary>
    /// <returns>Those whose next offset has been the same for as long as <paramref name="limit"/>.</returns>
    public IReadOnlyList<PartitionStatus> Add(IEnumerable<PartitionStatus> partitions, TimeSpan limit)
    {
        var now = time.GetTimestamp();
        var atWork = partitions.Where(partition => partition.State is "running" or "starting").ToList();
        _seen = atWork.ToDictionary(
            partition => partition.Partition,
            partition => _seen.TryGetValue(partition.Partition, out var seen) && seen.NextOffset == partition.NextOffset
                ? seen
                : (partition.NextOffset, now));
        return [.. atWork.Where(partition => time.GetElapsedTime(_seen[partition.Partition].Since, now) >= limit)];
    }

    /// <summary>Forgets what it has seen.</summary>
    public void Reset() => _seen = [];
}
