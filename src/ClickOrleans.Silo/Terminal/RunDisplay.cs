using ClickOrleans.Silo.Status;
using Spectre.Console;

namespace ClickOrleans.Silo.Terminal;

/// <summary>What <c>run</c> shows while it runs, and at its end.</summary>
internal abstract class RunDisplay
{
    /// <summary>A live table on a terminal, log lines elsewhere.</summary>
    public static RunDisplay Choose(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        if (!AnsiConsole.Profile.Capabilities.Interactive || Console.IsOutputRedirected)
        {
            logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss ";
                console.UseUtcTimestamp = true;
            });
            logging.AddQuietDefaults();
            return new LineDisplay();
        }

        var lines = new LastLines();
        logging.AddProvider(lines);
        logging.AddQuietDefaults();
        return new TableDisplay(lines);
    }

    /// <summary>Shows the pipeline until it is stopped.</summary>
    public abstract Task ShowAsync(WebApplication app, CancellationToken stop);

    public void Summarize(PipelineStatus? status)
    {
        if (status is null)
        {
            return;
        }

        var totals = status.Totals;
        Console.WriteLine(
            $"Stopped. Produced {status.Producers.Produced:N0}, stored {totals.Stored:N0}, " +
            $"dead letters {totals.DeadLetters:N0}, waiting {totals.Lag:N0}, folded {totals.Folded:N0}, " +
            $"rollups {totals.Rollups:N0}, indexed {totals.Indexed:N0}.");
    }
}
