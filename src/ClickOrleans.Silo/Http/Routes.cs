namespace ClickOrleans.Silo.Http;

/// <summary>The HTTP interface, route by route.</summary>
internal static class Routes
{
    public static void MapPipeline(this WebApplication app)
    {
        app.UseMiddleware<PageHeaders>();
        app.UseMiddleware<ForeignOriginGuard>();
        app.UseMiddleware<ApiKeyGuard>();
        app.MapHealth();
        var api = app.MapGroup("/api");
        api.MapStatus();
        api.MapControl();
        api.MapSearch();
        api.MapSeries();
        api.MapExport();
        api.MapDeadLetters();
        app.MapDashboards();
    }
}
