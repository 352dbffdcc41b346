using ClickOrleans.Dashboard.Components;
using ClickOrleans.Dashboard.Live;
using ClickOrleans.Grains.Aggregating;
using ClickOrleans.Grains.Pipelines;
using ClickOrleans.Pipeline.Configuration;
using ClickOrleans.Pipeline.Control;
using Microsoft.AspNetCore.Components;

namespace ClickOrleans.Dashboard.Pages;

/// <summary>Edits the desired state and shows when the cluster has reached it.</summary>
public sealed partial class Control : LivePage
{
    private const int ShownTimes = 5;

    private readonly CancellationTokenSource _left = new();
    private readonly OperationState _producing = new();
    private readonly OperationState _consuming = new();
    private readonly OperationState _aggregating = new();
    private readonly OperationState _running = new();
    private bool _isRead;
    private string? _readError;
    private int? _producers;
    private double? _rate;
    private int? _consumers;
    private int _resumeWith = 2;
    private bool _byCron;
    private string _interval = "00:00:05";
    private string _cron = "* * * * *";
    private bool _paused;
    private long _toFold;
    private long _foldedBefore;
    private FinishedRun? _manualRun;

    [Inject]
    public PipelineControl PipelineControl { get; set; } = null!;

    [Inject]
    public TimeProvider Time { get; set; } = null!;

    private bool ProducersInEffect =>
        Now.Status is { } status && status.Producers.Count == _producers && status.Producers.RatePerSecond == _rate
        && !status.Errors.Any(error => error.StartsWith("producer", StringComparison.Ordinal));

    private IReadOnlyList<int> RunningConsumers =>
        [.. Now.Status?.Consumers.Partitions
            .Where(partition => partition.State == "running")
            .Select(partition => partition.Consumer)
            .OfType<int>()
            .Distinct() ?? []];

    private bool ConsumersInEffect =>
        Now.Status is { Consumers: var consumers } && consumers.Count == _consumers
        && RunningConsumers.Count == Math.Min(consumers.Count, consumers.Partitions.Count);

    private bool AggregationInEffect =>
        Now.Status is { Aggregation: var aggregation } && ReadSchedule() is { } state && aggregation.Paused == state.Paused
        && aggregation.Schedule == new AggregationSchedule(state).ToString();

    private double RunProgress =>
        _toFold == 0 ? 100 : Math.Clamp((Now.Status!.Totals.Folded - _foldedBefore) * 100.0 / _toFold, 0, 100);

    /// <summary>Next runs of the schedule in the form; null if it is invalid.</summary>
    private List<DateTime>? NextTimes
    {
        get
        {
            if (ReadSchedule() is not { } state)
            {
                return null;
            }

            var schedule = new AggregationSchedule(state);
            var times = new List<DateTime>();
            var running = Now.Status?.Aggregation;

            // An interval counts from the last run; the grain knows when the next is due.
            var at = running is { Paused: false, NextRun: { } due }
                && running.Schedule == schedule.ToString()
                && state.Interval is { } interval
                ? due - interval
                : Time.GetUtcNow().UtcDateTime;
            while (times.Count < ShownTimes && schedule.Next(at) is { } next)
            {
                times.Add(next);
                at = next;
            }

            return times;
        }
    }

    protected override async Task OnInitializedAsync()
    {
        try
        {
            var desired = await PipelineControl.ReadAsync(_left.Token);
            (_producers, _rate, _consumers) = (desired.Producers.Count, desired.Producers.RatePerSecond, desired.Consumers.Count);
            _resumeWith = desired.Consumers.Count > 0 ? desired.Consumers.Count : _resumeWith;
            _byCron = desired.Aggregation.Cron is not null;
            _cron = desired.Aggregation.Cron ?? _cron;
            _interval = desired.Aggregation.Interval?.ToString("c") ?? _interval;
            _paused = desired.Aggregation.Paused;
            _isRead = true;
            _readError = null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _readError = exception.Message;
        }
    }

    /// <summary>Reads the desired state again if it could not be read before.</summary>
    protected override async Task RefreshAsync()
    {
        if (!_isRead)
        {
            await OnInitializedAsync();
        }

        await base.RefreshAsync();
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _left.Cancel();
        _left.Dispose();
    }

    private static ValidationError Missing(string field) => ValidationError.NotAllowed(field, null, "numbers");

    private Task ApplyProducersAsync()
    {
        var errors = new List<ValidationError>();
        if (_producers is null)
        {
            errors.Add(Missing("count"));
        }

        if (_rate is null)
        {
            errors.Add(Missing("ratePerSecond"));
        }

        if (errors.Count > 0)
        {
            _producing.Refuse(errors);
            return Task.CompletedTask;
        }

        return _producing.DoAsync(
            () => PipelineControl.ChangeAsync(new ProducersState(_producers!.Value, _rate!.Value), _left.Token));
    }

    private Task ApplyConsumersAsync()
    {
        if (_consumers is not { } count)
        {
            _consuming.Refuse(Missing("count"));
            return Task.CompletedTask;
        }

        return _consuming.DoAsync(() => PipelineControl.ChangeAsync(new ConsumersState(count), _left.Token));
    }

    private Task PauseConsumersAsync()
    {
        _resumeWith = Now.Status?.Consumers.Count is > 0 and var count ? count : _resumeWith;
        _consumers = 0;
        return ApplyConsumersAsync();
    }

    private Task ResumeConsumersAsync()
    {
        _consumers = _resumeWith;
        return ApplyConsumersAsync();
    }

    private Task ApplyAggregationAsync()
    {
        if (!_byCron && ReadInterval() is null)
        {
            _aggregating.Refuse(ValidationError.NotAllowed("interval", _interval, Duration.Allowed));
            return Task.CompletedTask;
        }

        return _aggregating.DoAsync(() => PipelineControl.ChangeAsync(InFields(), _left.Token));
    }

    private async Task RunNowAsync()
    {
        _manualRun = null;
        _foldedBefore = Now.Status?.Totals.Folded ?? 0;
        _toFold = Math.Max(0, (Now.Status?.Totals.Stored ?? 0) - _foldedBefore);
        await _running.DoAsync(async () =>
        {
            _manualRun = await PipelineControl.RunNowAsync(_left.Token);
            return [];
        });
    }

    private AggregationState InFields() =>
        _byCron ? new AggregationState(null, _cron, _paused) : new AggregationState(ReadInterval(), null, _paused);

    /// <returns>Null if the form is invalid.</returns>
    private AggregationState? ReadSchedule()
    {
        var state = InFields();
        return DesiredStateRules.Of(state).Any() ? null : state;
    }

    private TimeSpan? ReadInterval() => Duration.TryParse(_interval, out var interval) ? interval : null;
}
