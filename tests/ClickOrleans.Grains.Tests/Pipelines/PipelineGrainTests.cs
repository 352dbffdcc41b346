using System.Collections.Concurrent;
using ClickOrleans.Grains.Aggregating;
using ClickOrleans.Grains.Pipelines;
using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Pipeline.Control;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace ClickOrleans.Grains.Tests.Pipelines;

public sealed class PipelineGrainTests : IAsyncLifetime
{
    private readonly PipelineCluster _cluster = new();

    public async ValueTask InitializeAsync() => await _cluster.Silos.DeployAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_change_of_the_number_of_consumers_deals_every_partition_to_exactly_one()
    {
        foreach (var consumers in new[] { 3, 5, 2, 8, 1 })
        {
            await _cluster.ConsumeAsync(consumers);
            await _cluster.WaitUntilAssignedAsync(consumers);
        }

        await _cluster.ConsumeAsync(0);
        await _cluster.WaitForAsync(
            report => report.ConsumedPartitions.Count == 0 && _cluster.Log.Readers.All(readers => readers == 0));
    }

    [Fact]
    public async Task Consumers_move_to_a_silo_that_joins_and_away_from_one_that_leaves()
    {
        await _cluster.ConsumeAsync(6);
        await WaitUntilSpreadAsync(silos: 2, each: 3);

        var joined = await _cluster.Silos.StartAdditionalSiloAsync();
        await WaitUntilSpreadAsync(silos: 3, each: 2);

        await _cluster.Silos.StopSiloAsync(joined);
        await WaitUntilSpreadAsync(silos: 2, each: 3);
    }

    [Fact]
    public async Task A_partition_that_cannot_be_read_is_tried_ever_more_rarely_says_why_and_holds_up_no_other()
    {
        _cluster.Log.Broken = 3;
        _cluster.Consuming.MaxBackoff = TimeSpan.FromSeconds(2);
        await _cluster.ConsumeAsync(2);

        await _cluster.WaitForAsync(report =>
            report.ConsumedPartitions.Count == PipelineCluster.Partitions
            && report.ConsumedPartitions.All(partition => partition.Report.Partition == 3
                ? partition.Report is { State: PartitionState.BackingOff, Error: not null }
                    && partition.Report.Error.Contains("is broken", StringComparison.Ordinal)
                : partition.Report.State == PartitionState.Running));

        // The pauses are at least half of 100, 200, 400, 800, 1,600 ms.
        Assert.True(await TimeOfAsync(6, _cluster.Log.Attempts) >= TimeSpan.FromMilliseconds(1550));
        _cluster.Log.Broken = -1;
        await _cluster.WaitUntilAssignedAsync(2);
    }

    [Fact]
    public async Task A_consumer_that_cannot_be_made_is_asked_for_ever_more_rarely_and_the_report_says_why()
    {
        _cluster.Poison = "its configuration is poison";
        await _cluster.ConsumeAsync(1);

        var report = await _cluster.WaitForAsync(report => report.Errors.Count > 0);

        Assert.Contains(report.Errors, error =>
            error.StartsWith("consumer 0: ", StringComparison.Ordinal) && error.Contains("poison", StringComparison.Ordinal));

        // The pauses are 500 ms, 1 s, 2 s.
        Assert.True(await TimeOfAsync(4, _cluster.Attempts) >= TimeSpan.FromSeconds(3.5));
        _cluster.Poison = null;
        await _cluster.WaitUntilAssignedAsync(1);
    }

    [Fact]
    public async Task A_change_of_the_schedule_registers_the_aggregations_reminder_anew()
    {
        await _cluster.WaitForAsync(report => report.Aggregation is not null);
        Assert.Equal(TimeSpan.FromHours(1), await PeriodAsync());

        await _cluster.Desired.ChangeAsync(new AggregationState(TimeSpan.FromMinutes(7), null, false), CancellationToken.None);
        await _cluster.WaitForAsync(report => report.Aggregation?.Schedule.Contains('7') == true);
        Assert.Equal(TimeSpan.FromMinutes(7), await PeriodAsync());

        await _cluster.Desired.ChangeAsync(new AggregationState(TimeSpan.FromMinutes(7), null, true), CancellationToken.None);
        await _cluster.WaitForAsync(report => report.Aggregation is { Paused: true, NextRun: null });
        Assert.Null(await PeriodAsync());
    }

    private Task<PipelineReport> WaitUntilSpreadAsync(int silos, int each) => _cluster.WaitForAsync(report =>
        report.Errors.Count == 0
        && _cluster.Log.Readers.All(readers => readers == 1)
        && report.ConsumedPartitions.All(partition => partition.Report.State == PartitionState.Running)
        && report.ConsumedPartitions.Select(partition => (partition.Silo, partition.Consumer)).Distinct()
            .CountBy(consumer => consumer.Silo).ToList() is var counts
        && counts.Count == silos
        && counts.All(count => count.Value == each));

    /// <summary>The time from the first attempt to a later one, for which it waits.</summary>
    private async Task<TimeSpan> TimeOfAsync(int attempt, ConcurrentQueue<long> attempts)
    {
        await _cluster.WaitForAsync(_ => attempts.Count >= attempt);
        var times = attempts.ToArray();
        return TimeProvider.System.GetElapsedTime(times[0], times[attempt - 1]);
    }

    private async Task<TimeSpan?> PeriodAsync() => (await _cluster.Silos.GetSiloServiceProvider()
        .GetRequiredService<IReminderTable>()
        .ReadRow(_cluster.Silos.Client.GetGrain<IAggregationGrain>(0).GetGrainId(), "aggregation"))?.Period;
}
