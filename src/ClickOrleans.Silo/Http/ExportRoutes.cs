using ClickOrleans.Pipeline.Control;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Silo.Exporting;

namespace ClickOrleans.Silo.Http;

/// <summary>Rollups and series as CSV; clicks are the command's, which no proxy cuts off.</summary>
internal static class ExportRoutes
{
    private static readonly string[] Tables = [ExportRequest.Rollups, ExportRequest.Series];
    private static readonly string[] Formats = [ExportRequest.Csv];

    public static void MapExport(this RouteGroupBuilder api) => api.MapRead("/export", Get);

    private static IResult Get(
        string? what,
        string? format,
        string? from,
        string? to,
        IStoreAudit audit,
        IRollupStore rollups,
        ISeriesStore series,
        CancellationToken cancellationToken)
    {
        var errors = new List<ValidationError>();
        if (ExportRequest.Read((what, format, from, to), Tables, Formats, "", errors) is not { } request)
        {
            return ValidationProblem.Of(errors);
        }

        var exporter = new Exporter(new ExportSource(audit, rollups, series));
        return Results.Stream(
            body => exporter.RunAsync(request, body, _ => { }, cancellationToken),
            "text/csv; charset=utf-8",
            $"{request.What}.csv");
    }
}
