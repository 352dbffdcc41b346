using ClickOrleans.Grains.Pipelines;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Grains;

/// <summary>Every silo's ping: wherever the pipeline grain was lost, it is back within seconds.</summary>
public sealed class PipelinePing(IGrainFactory grains, TimeProvider time, ILogger<PipelinePing> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                await grains.GetGrain<IPipelineGrain>(0).PingAsync().WaitAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.PipelineUnanswered(ErrorText.Of(exception));
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
