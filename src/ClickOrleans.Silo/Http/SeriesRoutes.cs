using ClickOrleans.Pipeline.Control;
using ClickOrleans.Pipeline.Series;

namespace ClickOrleans.Silo.Http;

internal static class SeriesRoutes
{
    public static void MapSeries(this RouteGroupBuilder api) => api.MapRead("/series", GetAsync);

    private static async Task<IResult> GetAsync(
        [AsParameters] SeriesQuery query, SeriesReader series, CancellationToken cancellationToken)
    {
        var errors = new List<ValidationError>();
        return query.Read(errors) is { } request
            ? Results.Ok(new { Items = await series.ReadAsync(request, cancellationToken) })
            : ValidationProblem.Of(errors);
    }
}
