using System.Globalization;
using ClickOrleans.Silo.Configuration;
using ClickOrleans.Silo.Status;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Silo.Terminal;

/// <summary>A log line every few seconds.</summary>
internal sealed class LineDisplay : RunDisplay
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    public override async Task ShowAsync(WebApplication app, CancellationToken stop)
    {
        var logger = app.Services.GetRequiredService<ILogger<LineDisplay>>();
        var sampler = app.Services.GetRequiredService<StatusSampler>();
        var http = app.Services.GetRequiredService<IOptions<HttpOptions>>().Value;
        logger.Ready(http.Address, http.Port);
        using var timer = new PeriodicTimer(Period, app.Services.GetRequiredService<TimeProvider>());
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                if (sampler.Status is { } status)
                {
                    var totals = status.Totals;
                    logger.Progress(
                        status.Producers.Produced,
                        totals.Stored,
                        Lag(totals),
                        status.Live.StoredPerSecond,
                        totals.Rollups,
                        totals.Indexed,
                        totals.DeadLetters);
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
}
