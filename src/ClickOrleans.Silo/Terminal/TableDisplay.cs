using ClickOrleans.Silo.Configuration;
using ClickOrleans.Silo.Status;
using Microsoft.Extensions.Options;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ClickOrleans.Silo.Terminal;

/// <summary>A table that is drawn anew twice a second, and the last log lines below.</summary>
internal sealed class TableDisplay(LastLines lines) : RunDisplay
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    public override async Task ShowAsync(WebApplication app, CancellationToken stop)
    {
        var sampler = app.Services.GetRequiredService<StatusSampler>();
        var http = app.Services.GetRequiredService<IOptions<HttpOptions>>().Value;
        using var timer = new PeriodicTimer(Period, app.Services.GetRequiredService<TimeProvider>());
        try
        {
            await AnsiConsole.Live(Draw(null, http)).StartAsync(async context =>
            {
                do
                {
                    context.UpdateTarget(Draw(sampler.Status, http));
                }
                while (await timer.WaitForNextTickAsync(stop));
            });
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private Rows Draw(PipelineStatus? status, HttpOptions http)
    {
        var table = new Table().Border(TableBorder.Rounded)
            .AddColumns("produced", "stored", "lag", "rate", "rollups", "indexed", "dead letters");
        if (status is not null)
        {
            table.AddRow(
                $"{status.Producers.Produced:N0}",
                $"{status.Totals.Stored:N0}",
                status.Totals.LagText,
                $"{status.Live.StoredPerSecond:N0}/s",
                $"{status.Totals.Rollups:N0}",
                $"{status.Totals.Indexed:N0}",
                $"{status.Totals.DeadLetters:N0}");
        }

        List<IRenderable> rows =
        [
            new Text($"ClickOrleans  http://{http.Address}:{http.Port}/  Ctrl-C stops"),
            table,
            .. lines.Lines.Select(line => new Text(line, new Style(Color.Grey))),
        ];
        return new Rows(rows);
    }
}
