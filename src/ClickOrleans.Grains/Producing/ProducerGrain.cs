using ClickOrleans.Grains.Placement;
using ClickOrleans.Pipeline.Producing;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Grains.Producing;

/// <summary>
/// Life cycle of a <see cref="ProducerWorker"/>, whose work never holds a turn of this grain. It migrates to the silo that it
/// belongs on.
/// </summary>
[EvenPlacement(fromYoungest: true)]
internal sealed class ProducerGrain(
    Func<int, ProducerWorker> makeWorker,
    SiloName silo,
    MigrationCheck migration,
    TimeProvider time,
    ILogger<ProducerGrain> logger)
    : Grain, IProducerGrain
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(2);
    private static readonly EvenPlacement Placement = new(fromYoungest: true);

    private readonly Guid _activation = Guid.NewGuid();
    private readonly CancellationTokenSource _stop = new();
    private ProducerWorker? _worker;
    private Task _running = Task.CompletedTask;
    private long _ensured;

    private int Producer => (int)this.GetPrimaryKeyLong();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _ensured = time.GetTimestamp();
        this.RegisterGrainTimer(OnTickAsync, Tick, Tick);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => HaltAsync();

    public Task<ProducerReport> EnsureAsync(double ratePerSecond)
    {
        _ensured = time.GetTimestamp();
        if (_worker is null)
        {
            _worker = makeWorker(Producer);
            _worker.RatePerSecond = ratePerSecond;
            _running = _worker.RunAsync(_stop.Token);
        }

        _worker.RatePerSecond = ratePerSecond;
        return Task.FromResult(Report());
    }

    public async Task<ProducerReport> StopAsync()
    {
        await HaltAsync();
        DeactivateOnIdle();
        return Report();
    }

    private ProducerReport Report() => new(Producer, _activation, silo.ToString(), _worker?.Produced ?? 0, _worker?.LastError);

    private async Task HaltAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
            // As it was told to.
        }
    }

    private async Task OnTickAsync(CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(_ensured) > Lease)
        {
            logger.ProducerLeaseExpired(Producer, Lease.TotalSeconds);
            await StopAsync();
        }
        else if (migration.IsDue(this.GetGrainId(), Placement))
        {
            MigrateOnIdle();
        }
    }
}
