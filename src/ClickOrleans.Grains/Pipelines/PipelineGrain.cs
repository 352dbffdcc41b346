using ClickOrleans.Grains.Aggregating;
using ClickOrleans.Grains.Consuming;
using ClickOrleans.Grains.Producing;
using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.Control;
using ClickOrleans.Pipeline.Log;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace ClickOrleans.Grains.Pipelines;

/// <summary>
/// Reads desired state and sees to it that each consumer, each producer and the aggregation are alive where they should be:
/// on a short timer while it lives, woken by its reminder and by the pings of every silo when it does not.
/// </summary>
[Reentrant]
internal sealed class PipelineGrain : Grain, IPipelineGrain, IRemindable
{
    private const string ReminderName = "pipeline";

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ReportTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ServerTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    private readonly DesiredStateService _desired;
    private readonly IClickLog _log;
    private readonly TimeProvider _time;
    private readonly ILogger<PipelineGrain> _logger;
    private readonly GrainSet<ConsumerReport> _consumers;
    private readonly GrainSet<ProducerReport> _producers;
    private readonly Dictionary<Guid, long> _produced = [];
    private readonly SemaphoreSlim _reconciling = new(1, 1);
    private PipelineReport _report = new(null, 0, 0, 0, 0, 0, [], null, []);
    private DesiredState? _lastDesired;
    private string _lastErrors = "";
    private Task<AggregationReport>? _aggregationAsked;
    private bool _producingEnded;
    private bool _reminded;

    public PipelineGrain(DesiredStateService desired, IClickLog log, TimeProvider time, ILogger<PipelineGrain> logger)
    {
        (_desired, _log, _time, _logger) = (desired, log, time, logger);
        _consumers = new("consumer", StopConsumerAsync, _ => { }, time);
        _producers = new(
            "producer", index => Producer(index).StopAsync(), report => _produced[report.Activation] = report.Produced, time);
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(
            OnTickAsync, new GrainTimerCreationOptions(TimeSpan.Zero, Tick) { Interleave = true, KeepAlive = true });
        return Task.CompletedTask;
    }

    public Task PingAsync() => Task.CompletedTask;

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    public async Task<PipelineReport> GetReportAsync()
    {
        if (_report.Reconciled is { } reconciled && _time.GetUtcNow().UtcDateTime - reconciled > Fresh)
        {
            try
            {
                await ReconcileAsync().WaitAsync(ReportTimeout, _time);
            }
            catch (TimeoutException)
            {
                // A server does not answer: what was found last is told, and goes stale.
            }
        }

        return _report;
    }

    public async Task StopProducingAsync()
    {
        _producingEnded = true;
        await _reconciling.WaitAsync();
        try
        {
            await _producers.EnsureAsync(0, index => Producer(index).EnsureAsync(0), []);
            _report = _report with { Produced = _produced.Values.Sum() };
        }
        finally
        {
            _reconciling.Release();
        }
    }

    public async Task<PipelineReport> ReconcileAsync()
    {
        await _reconciling.WaitAsync();
        try
        {
            return await ReconcileOnceAsync();
        }
        finally
        {
            _reconciling.Release();
        }
    }

    /// <summary>
    /// The reminder comes after the work: the pipeline must come back while the reminders' database is out, too.
    /// </summary>
    private async Task OnTickAsync(CancellationToken cancellationToken)
    {
        await ReconcileAsync();
        if (!_reminded)
        {
            await this.RegisterOrUpdateReminder(ReminderName, ReminderPeriod, ReminderPeriod, cancellationToken);
            _reminded = true;
        }
    }

    private async Task<PipelineReport> ReconcileOnceAsync()
    {
        var errors = new List<string>();
        var desired = await ReadDesiredAsync(errors);
        if (desired is null)
        {
            return _report = _report with { Errors = errors };
        }

        var partitions = await CountPartitionsAsync(errors);
        var consumers = desired.Consumers.Count;
        var producers = _producingEnded ? 0 : desired.Producers.Count;
        var rate = desired.Producers.RatePerSecond;
        if (partitions > 0)
        {
            await _consumers.EnsureAsync(consumers, index => Consumer(index).EnsureAsync(consumers, partitions), errors);
        }

        var aggregation = await EnsureAggregationAsync(desired.Aggregation, errors);
        if (aggregation?.Healing is { } healing)
        {
            errors.Add($"aggregation: {healing}");
        }

        // Producers last: when clicks flow, everything that takes them up is there.
        await _producers.EnsureAsync(producers, index => Producer(index).EnsureAsync(rate / producers), errors);
        errors.AddRange(_producers.Reports.Where(producer => producer.Error is not null)
            .Select(producer => $"producer {producer.Producer}: {producer.Error}"));
        LogChange(errors);
        return _report = new PipelineReport(
            _time.GetUtcNow().UtcDateTime,
            producers,
            rate,
            _produced.Values.Sum(),
            consumers,
            partitions,
            [.. _consumers.Reports
                .SelectMany(consumer => consumer.Partitions
                    .Select(report => new ConsumedPartition(consumer.Consumer, consumer.Silo, report)))
                .OrderBy(partition => partition.Report.Partition)],
            aggregation,
            errors);
    }

    /// <summary>While the store is out, what was desired last still holds.</summary>
    private async Task<DesiredState?> ReadDesiredAsync(List<string> errors)
    {
        try
        {
            _lastDesired = await CallAsync(_desired.ReadAsync);
        }
        catch (Exception exception)
        {
            errors.Add($"desired state: {exception.Message}");
        }

        return _lastDesired;
    }

    private async Task<int> CountPartitionsAsync(List<string> errors)
    {
        try
        {
            return await CallAsync(_log.GetPartitionCountAsync);
        }
        catch (Exception exception)
        {
            errors.Add($"log: {exception.Message}");
            return _report.Partitions;
        }
    }

    /// <summary>A server that is silent must not keep this grain from those whose leases it renews.</summary>
    private Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call) => BoundedCall.RunAsync(call, ServerTimeout, _time);

    private async Task<AggregationReport?> EnsureAggregationAsync(AggregationState desired, List<string> errors)
    {
        _aggregationAsked ??= GrainFactory.GetGrain<IAggregationGrain>(0)
            .EnsureAsync(new ScheduleSetting(desired.Interval, desired.Cron, desired.Paused));
        try
        {
            await ((Task)_aggregationAsked.WaitAsync(ReportTimeout, _time)).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (!_aggregationAsked.IsCompleted)
            {
                // Not asked again while it is silent: it may sit on a silo that has just died.
                errors.Add("aggregation: no answer yet");
                return _report.Aggregation;
            }

            var asked = _aggregationAsked;
            _aggregationAsked = null;
            return await asked;
        }
        catch (Exception exception)
        {
            errors.Add($"aggregation: {ErrorText.Of(exception)}");
            return _report.Aggregation;
        }
    }

    private async Task<ConsumerReport> StopConsumerAsync(int index)
    {
        await Consumer(index).StopAsync();
        return new ConsumerReport(index, "", []);
    }

    private IPartitionConsumerGrain Consumer(int index) => GrainFactory.GetGrain<IPartitionConsumerGrain>(index);

    private IProducerGrain Producer(int index) => GrainFactory.GetGrain<IProducerGrain>(index);

    /// <summary>Logs what is wrong when it changes, not every second.</summary>
    private void LogChange(List<string> errors)
    {
        var now = string.Join("; ", errors);
        if (now != _lastErrors)
        {
            if (errors.Count > 0)
            {
                _logger.NotAsDesired(now);
            }
            else
            {
                _logger.AsDesired();
            }
        }

        _lastErrors = now;
    }
}
