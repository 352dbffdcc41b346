using ClickOrleans.Silo.Status;

namespace ClickOrleans.Silo.Http;

internal static class HealthRoutes
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Ok(new { status = "live" }));
        app.MapGet("/health/ready", (StatusSampler sampler) => sampler.Health is { IsReady: true }
            ? Results.Ok(new { status = "ready" })
            : Results.Json(new { status = "not ready", reasons = sampler.Health.Reasons }, statusCode: StatusCodes.Status503ServiceUnavailable));
    }
}
