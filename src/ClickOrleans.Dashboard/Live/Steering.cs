using ClickOrleans.Grains.Aggregating;
using ClickOrleans.Grains.Pipelines;
using ClickOrleans.Pipeline.Control;

namespace ClickOrleans.Dashboard.Live;

/// <summary>Changes desired state by the same rules as the HTTP interface and has the cluster follow at once.</summary>
public sealed class Steering(DesiredStateKeeper keeper, IGrainFactory grains)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<DesiredState> ReadAsync(CancellationToken cancellationToken) => await keeper.ReadAsync(cancellationToken).WaitAsync(Patience, cancellationToken);

    /// <returns>What is not allowed, field by field; nothing was changed then.</returns>
    public Task<IReadOnlyList<Fault>> ChangeAsync(ProducersState state, CancellationToken cancellationToken) =>
        ChangeAsync(DesiredStateRules.Of(state), () => keeper.ChangeAsync(state, cancellationToken), cancellationToken);

    /// <inheritdoc cref="ChangeAsync(ProducersState, CancellationToken)"/>
    public Task<IReadOnlyList<Fault>> ChangeAsync(ConsumersState state, CancellationToken cancellationToken) =>
        ChangeAsync(DesiredStateRules.Of(state), () => keeper.ChangeAsync(state, cancellationToken), cancellationToken);

    /// <inheritdoc cref="ChangeAsync(ProducersState, CancellationToken)"/>
    public Task<IReadOnlyList<Fault>> ChangeAsync(AggregationState state, CancellationToken cancellationToken) =>
        ChangeAsync(DesiredStateRules.Of(state), () => keeper.ChangeAsync(state, cancellationToken), cancellationToken);

    public Task<FinishedRun> RunNowAsync(CancellationToken cancellationToken) =>
        grains.GetGrain<IAggregationGrain>(0).RunNowAsync(cancellationToken);

    private async Task<IReadOnlyList<Fault>> ChangeAsync(IEnumerable<Fault> rules, Func<Task> change, CancellationToken cancellationToken)
    {
        var faults = rules.ToList();
        if (faults.Count == 0)
        {
            await change().WaitAsync(Patience, cancellationToken);
            await grains.GetGrain<IPipelineGrain>(0).ReconcileAsync().WaitAsync(Patience, cancellationToken);
        }

        return faults;
    }
}
