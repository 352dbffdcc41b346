using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Telemetry;

namespace ClickOrleans.Silo.Status;

/// <summary>
/// Whether a silo needs a restart: it has made no progress for <see cref="Limit"/> although a client made for the question
/// reaches the log. An outage is none of the silo's making, and a restart would not end it: then there is no fault.
/// </summary>
/// <param name="silo">The silo's name.</param>
public sealed class LivenessCheck(ILogProbe probe, string silo, TimeProvider time)
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly string StoreFault = $"{Dependency.Store}:";

    private readonly PartitionStalls _stalls = new(time);
    private HashSet<(int Partition, long NextOffset)> _behind = [];

    /// <returns>Why the silo cannot recover by itself; empty while it can.</returns>
    /// <exception cref="Exception">A new client does not reach the log either.</exception>
    public async Task<IReadOnlyList<string>> JudgeAsync(PipelineStatus status, CancellationToken cancellationToken)
    {
        var stalled = FindStalled(status);
        var silent = probe.SinceLastAnswer >= Limit;
        if (stalled.Count == 0 && !silent)
        {
            _behind = [];
            return [];
        }

        var ends = await probe.ProbeEndsAsync([.. stalled.Select(partition => partition.Partition)], cancellationToken);

        // Only where it was so before: the log of a partition that seldom gets a message may have gone on this moment.
        var before = _behind;
        var behind = stalled.Where(partition => ends[partition.Partition] > partition.NextOffset).ToList();
        _behind = [.. behind.Select(partition => (partition.Partition, partition.NextOffset))];
        var faults = behind
            .Where(partition => before.Contains((partition.Partition, partition.NextOffset)))
            .Select(partition => $"partition {partition.Partition} stays at {partition.NextOffset} while the log goes on")
            .ToList();
        if (silent)
        {
            faults.Add("the log answers a new client, but not those in use");
        }

        return faults;
    }

    /// <summary>While the store is out nobody stores, and nothing is known about who does.</summary>
    private IReadOnlyList<PartitionStatus> FindStalled(PipelineStatus status)
    {
        if (status.Errors.Any(error => error.StartsWith(StoreFault, StringComparison.OrdinalIgnoreCase)))
        {
            _stalls.Reset();
            return [];
        }

        return _stalls.Add(status.Consumers.Partitions.Where(partition => partition.Silo == silo), Limit);
    }
}
