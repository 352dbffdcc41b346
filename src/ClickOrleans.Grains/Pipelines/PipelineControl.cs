using ClickOrleans.Grains.Aggregating;
using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.Control;

namespace ClickOrleans.Grains.Pipelines;

/// <summary>
/// Changes desired state and has the cluster follow at once: the one way for the HTTP interface and for the pages. The rules are
/// <see cref="DesiredStateService"/>'s.
/// </summary>
public sealed class PipelineControl(DesiredStateService desired, IGrainFactory grains, TimeProvider time)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <exception cref="TimeoutException">The store did not answer.</exception>
    public Task<DesiredState> ReadAsync(CancellationToken cancellationToken) =>
        BoundedCall.RunAsync(desired.ReadAsync, Timeout, time, cancellationToken);

    /// <returns>What is not allowed, field by field; nothing was changed then.</returns>
    /// <exception cref="TimeoutException">The store did not answer.</exception>
    public async Task<IReadOnlyList<ValidationError>> ChangeAsync<T>(T part, CancellationToken cancellationToken)
        where T : IDesiredPart
    {
        var errors = await BoundedCall.RunAsync(token => desired.ChangeAsync(part, token), Timeout, time, cancellationToken);
        if (errors.Count == 0)
        {
            await ReconcileAsync(cancellationToken);
        }

        return errors;
    }

    /// <summary>Runs the aggregation once, now; returns when it has finished.</summary>
    public Task<FinishedRun> RunNowAsync(CancellationToken cancellationToken) =>
        grains.GetGrain<IAggregationGrain>(0).RunNowAsync(cancellationToken);

    /// <summary>The change is stored: where the cluster takes longer, the pipeline grain's next tick has it follow.</summary>
    private async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetGrain<IPipelineGrain>(0).ReconcileAsync().WaitAsync(Timeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Shown by the status: a silo or a server does not answer.
        }
    }
}
