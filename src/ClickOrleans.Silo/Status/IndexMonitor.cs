using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Telemetry;

namespace ClickOrleans.Silo.Status;

/// <summary>
/// Checks the index at start and every 30 s. A problem, such as a failed connection or a mapping that differs, is logged once and
/// makes the silo unready while it lasts. Consuming and folding continue.
/// </summary>
public sealed class IndexMonitor(IClickIndex index, TimeProvider time, ILogger<IndexMonitor> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    public IReadOnlyList<string> Problems { get; private set; } = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            var problems = await CheckAsync(stoppingToken);
            foreach (var problem in problems.Except(Problems))
            {
                logger.IndexProblem(index.Description, problem);
            }

            Problems = problems;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await index.OpenAsync(cancellationToken);
            Outages.Found(Dependency.Index, isOut: false);
            return index.Complaints;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Outages.Found(Dependency.Index, isOut: true);
            return [exception.Message];
        }
    }
}
