using System.Text.Json;
using ClickOrleans.Pipeline.Control;
using ClickOrleans.Pipeline.Index;

namespace ClickOrleans.Silo.Http;

internal static class SearchRoutes
{
    private const int MaxLimit = 1000;

    // A document has the names it has in the index.
    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static void MapSearch(this RouteGroupBuilder api) => api.MapRead("/clicks/search", SearchAsync);

    private static async Task<IResult> SearchAsync(string? q, int? limit, IClickIndex index, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaxLimit)
        {
            return ValidationProblem.Of(ValidationError.NotAllowed("limit", limit, $"1 to {MaxLimit}"));
        }

        return Results.Json(await index.SearchAsync(q ?? "", limit ?? 50, cancellationToken), Json);
    }
}
