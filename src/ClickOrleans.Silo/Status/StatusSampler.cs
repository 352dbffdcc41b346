using ClickOrleans.Grains;
using ClickOrleans.Pipeline.Telemetry;
using ClickOrleans.Silo.Configuration;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Silo.Status;

/// <summary>Reads the status once a second and derives this silo's health from it; a failed read makes it unready.</summary>
public sealed class StatusSampler(
    StatusReader reader, StageAges ages, IndexMonitor index, IOptions<HealthOptions> options, SiloName silo, TimeProvider time)
    : BackgroundService, IStatusFeed
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public event EventHandler? Sampled;

    public Health Health { get; private set; } = new(false, ["starting"]);

    /// <summary>The last status that could be read.</summary>
    public PipelineStatus? Status { get; private set; }

    public IReadOnlyList<StageAge> Ages { get; private set; } = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                var status = await reader.ReadAsync(stoppingToken).WaitAsync(Timeout, time, stoppingToken);
                Health = Judge(status);
                Status = status;
                Measure(status);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Health = new Health(false, [$"the status cannot be read: {exception.Message}"]);
            }

            Sampled?.Invoke(this, EventArgs.Empty);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>
    /// Each silo measures the partitions that it consumes, if their lag is known; the sums over all silos are the cluster's.
    /// </summary>
    private void Measure(PipelineStatus status) => PartitionLags.Measured(
        [.. status.Consumers.Partitions
            .Where(partition => partition.Silo == silo.ToString() && !partition.EndOffsetStale)
            .Select(partition => new PartitionLag(
                partition.Partition, partition.Lag, TimeSpan.FromSeconds(partition.OldestUnprocessedSeconds)))]);

    private Health Judge(PipelineStatus status)
    {
        var reasons = new List<string>();
        var oldest = options.Value.MaxUnprocessedAge;
        Ages = ages.Add(status);
        reasons.AddRange(Ages.Where(stage => stage.Age > oldest).Select(stage =>
            $"{stage.Stage}: the oldest unprocessed click is {stage.Age.TotalSeconds:0} s old, " +
            $"more than {oldest.TotalSeconds:0} s"));

        reasons.AddRange(status.Consumers.Partitions.Where(partition => partition.State == "stopped")
            .Select(partition => $"consume: partition {partition.Partition} is stopped. {partition.Error}"));
        reasons.AddRange(status.Consumers.Partitions
            .Where(partition => partition.OpenTransactionSeconds > oldest.TotalSeconds)
            .Select(partition =>
                $"consume: partition {partition.Partition}: {partition.Unstable} messages from offset {partition.EndOffset} on " +
                $"have waited {partition.OpenTransactionSeconds:0} s for a producer's transaction to end"));
        reasons.AddRange(status.Errors);
        reasons.AddRange(index.Problems.Select(problem => $"index: {problem}"));
        return new Health(reasons.Count == 0, reasons);
    }
}
