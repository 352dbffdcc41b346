using ClickOrleans.Grains.Aggregating;
using ClickOrleans.Grains.Pipelines;
using ClickOrleans.Pipeline.Control;

namespace ClickOrleans.Dashboard.Live;

/// <summary>Changes desired state by the same rules as the HTTP interface and has the cluster follow at once.</summary>
public sealed class PipelineControl(DesiredStateService keeper, IGrainFactory grains)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public async Task<DesiredState> ReadAsync(CancellationToken cancellationToken) => await keeper.ReadAsync(cancellationToken).WaitAsync(Timeout, cancellationToken);

    /// <returns>What is not allowed, field by field; nothing was changed then.</returns>
    public Task<IReadOnlyList<ValidationError>> ChangeAsync(ProducersState state, CancellationToken cancellationToken) =>
        ChangeAsync(DesiredStateRules.Of(state), () => keeper.ChangeAsync(state, cancellationToken), cancellationToken);

    /// <inheritdoc cref="ChangeAsync(ProducersState, CancellationToken)"/>
    public Task<IReadOnlyList<ValidationError>> ChangeAsync(ConsumersState state, CancellationToken cancellationToken) =>
        ChangeAsync(DesiredStateRules.Of(state), () => keeper.ChangeAsync(state, cancellationToken), cancellationToken);

    /// <inheritdoc cref="ChangeAsync(ProducersState, CancellationToken)"/>
    public Task<IReadOnlyList<ValidationError>> ChangeAsync(AggregationState state, CancellationToken cancellationToken) =>
        ChangeAsync(DesiredStateRules.Of(state), () => keeper.ChangeAsync(state, cancellationToken), cancellationToken);

    public Task<FinishedRun> RunNowAsync(CancellationToken cancellationToken) =>
        grains.GetGrain<IAggregationGrain>(0).RunNowAsync(cancellationToken);

    private async Task<IReadOnlyList<ValidationError>> ChangeAsync(IEnumerable<ValidationError> rules, Func<Task> change, CancellationToken cancellationToken)
    {
        var faults = rules.ToList();
        if (faults.Count == 0)
        {
            await change().WaitAsync(Timeout, cancellationToken);
            await grains.GetGrain<IPipelineGrain>(0).ReconcileAsync().WaitAsync(Timeout, cancellationToken);
        }

        return faults;
    }
}
