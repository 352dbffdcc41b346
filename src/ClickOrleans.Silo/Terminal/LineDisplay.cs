using System.Globalization;
using ClickOrleans.Silo.Hosting;
using ClickOrleans.Silo.Status;

namespace ClickOrleans.Silo.Terminal;

/// <summary>A log line every few seconds.</summary>
internal sealed partial class LineDisplay : RunDisplay
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    public override async Task ShowAsync(WebApplication app, CancellationToken stop)
    {
        var logger = app.Services.GetRequiredService<ILogger<LineDisplay>>();
        var sampler = app.Services.GetRequiredService<StatusSampler>();
        var settings = app.Services.GetRequiredService<Settings>();
        LogReady(logger, settings.Silo.Address, settings.Silo.Port);
        using var timer = new PeriodicTimer(Period, app.Services.GetRequiredService<TimeProvider>());
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                if (sampler.Status is { } status)
                {
                    var totals = status.Totals;
                    LogStatus(
                        logger, status.Producers.Produced, totals.Stored, Lag(totals), status.Live.StoredPerSecond,
                        totals.Rollups, totals.Indexed, totals.DeadLetters);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private static string Lag(TotalsStatus totals) =>
        totals.LagStale ? totals.LagText : totals.Lag.ToString(CultureInfo.InvariantCulture);

    [LoggerMessage(420, LogLevel.Information, "Ready: http://{Address}:{Port}/api/status")]
    private static partial void LogReady(ILogger logger, System.Net.IPAddress address, int port);

    [LoggerMessage(
        421,
        LogLevel.Information,
        "produced {Produced} stored {Stored} lag {Lag} rate {Rate:0}/s " +
        "rollups {Rollups} indexed {Indexed} dead letters {DeadLetters}")]
    private static partial void LogStatus(
        ILogger logger, long produced, long stored, string lag, double rate, long rollups, long indexed, long deadLetters);
}
