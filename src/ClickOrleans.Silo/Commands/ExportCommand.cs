using System.CommandLine;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Control;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Silo.Exporting;
using ClickOrleans.Silo.Hosting;
using ClickOrleans.Silo.Terminal;

namespace ClickOrleans.Silo.Commands;

/// <summary><c>export</c>: writes clicks, rollups or series to a file or to standard output.</summary>
internal sealed class ExportCommand : Command
{
    private const string StandardOutput = "-";

    private static readonly string[] Tables = [ExportRequest.Clicks, ExportRequest.Rollups, ExportRequest.Series];
    private static readonly string[] Formats = [ExportRequest.Csv, ExportRequest.Parquet];

    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<string?> _what = new("--what") { Description = "clicks, rollups or series.", HelpName = "TABLE" };
    private readonly Option<string?> _format = new("--format")
    {
        Description = "csv (the default) or parquet.",
        HelpName = "FORMAT",
    };

    private readonly Option<string?> _from = new("--from")
    {
        Description = "Event times from here on, such as 2026-01-31 or 2026-01-31T14:00:00Z.",
        HelpName = "TIME",
    };

    private readonly Option<string?> _to = new("--to") { Description = "Event times before.", HelpName = "TIME" };
    private readonly Option<string> _file = new("--file")
    {
        Description = "Where to write; - = standard output.",
        DefaultValueFactory = _ => StandardOutput,
        HelpName = "F",
    };

    public ExportCommand()
        : base("export", "Write clicks, rollups or series as CSV or Parquet.")
    {
        foreach (var option in new Option[] { _data, _what, _format, _from, _to, _file })
        {
            Options.Add(option);
        }

        SetAction((parsed, _) => CommandLine.GuardAsync(token => RunAsync(parsed, token)));
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var errors = new List<ValidationError>();
        var request = ExportRequest.Read(
            (parsed.GetValue(_what), parsed.GetValue(_format), parsed.GetValue(_from), parsed.GetValue(_to)),
            Tables,
            Formats,
            "--",
            errors)
            ?? throw new StartupException(string.Join(Environment.NewLine, errors));
        var file = parsed.GetValue(_file)!;
        return ToolHost.RunAsync(
            parsed.GetValue(_data), services => WriteAsync(services, request, file, cancellationToken));
    }

    private static async Task<int> WriteAsync(
        IServiceProvider services, ExportRequest request, string file, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<Preparation>().RunAsync(cancellationToken);
        var exporter = new Exporter(new ExportSource(
            services.GetRequiredService<IStoreAudit>(),
            services.GetRequiredService<IRollupStore>(),
            services.GetRequiredService<ISeriesStore>()));
        if (file == StandardOutput)
        {
            await using var output = new CountingStream(Console.OpenStandardOutput());
            await exporter.RunAsync(request, output, _ => { }, cancellationToken);
            await output.FlushAsync(cancellationToken);
            return CommandLine.Done;
        }

        var rows = 0L;
        var total = await CountAsync(services, request, cancellationToken);
        await RowProgress.ShowAsync("exported", total, async report =>
            rows = await WriteFileAsync(exporter, request, file, report, cancellationToken));
        Console.WriteLine($"{rows:N0} rows exported to {file}");
        return CommandLine.Done;
    }

    /// <summary>A file of this name is a complete one.</summary>
    private static async Task<long> WriteFileAsync(
        Exporter exporter, ExportRequest request, string file, Action<long> report, CancellationToken cancellationToken)
    {
        var incomplete = file + ".incomplete";
        long rows;
        await using (var output = File.Create(incomplete))
        {
            rows = await exporter.RunAsync(request, output, report, cancellationToken);
        }

        File.Move(incomplete, file, overwrite: true);
        return rows;
    }

    /// <summary>How many rows there are at most, for the progress; null where that is not known.</summary>
    private static async Task<long?> CountAsync(
        IServiceProvider services, ExportRequest request, CancellationToken cancellationToken)
    {
        var totals = await services.GetRequiredService<IClickStore>().GetTotalsAsync(cancellationToken);
        return request.What switch
        {
            ExportRequest.Clicks => totals.Stored,
            ExportRequest.Rollups => totals.Rollups,
            _ => null,
        };
    }
}
