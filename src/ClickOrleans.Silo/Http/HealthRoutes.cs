using ClickOrleans.Silo.Status;

namespace ClickOrleans.Silo.Http;

internal static class HealthRoutes
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Ok(new { status = "live" }));
        app.MapGet("/health/ready", (StatusSampler sampler) => Ready(sampler.Health));
    }

    private static IResult Ready(Health health) => health.IsReady
        ? Results.Ok(new { status = "ready" })
        : Results.Json(new { status = "not ready", reasons = health.Reasons }, statusCode: StatusCodes.Status503ServiceUnavailable);
}
