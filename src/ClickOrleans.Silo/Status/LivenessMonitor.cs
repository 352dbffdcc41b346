using ClickOrleans.Grains;
using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Silo.Status;

/// <summary>Finds out every ten seconds whether this silo needs a restart; see <see cref="LivenessCheck"/>.</summary>
public sealed partial class LivenessMonitor(
    StatusReader reader, IClickLog log, SiloName silo, TimeProvider time, ILogger<LivenessMonitor> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Why the silo cannot recover by itself; empty while it is live.</summary>
    public IReadOnlyList<string> Faults { get; private set; } = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A log without clients of its own has none that could fail.
        if (log is not ILogProbe probe)
        {
            return;
        }

        var check = new LivenessCheck(probe, silo.ToString(), time);
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var faults = await JudgeAsync(check, stoppingToken);
            foreach (var fault in faults.Except(Faults))
            {
                LogNotLive(log.Description, fault);
            }

            Faults = faults;
        }
    }

    private async Task<IReadOnlyList<string>> JudgeAsync(LivenessCheck check, CancellationToken cancellationToken)
    {
        try
        {
            return await BoundedCall.RunAsync(
                async token => await check.JudgeAsync(await reader.ReadAsync(token), token), Timeout, time, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // What cannot be found out is an outage, and no fault of this silo.
            return [];
        }
    }

    [LoggerMessage(441, LogLevel.Error, "{Log}: this silo does not recover by itself and needs a restart: {Fault}")]
    private partial void LogNotLive(string log, string fault);
}
