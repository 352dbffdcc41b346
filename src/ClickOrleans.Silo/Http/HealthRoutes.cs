using ClickOrleans.Silo.Status;

namespace ClickOrleans.Silo.Http;

internal static class HealthRoutes
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapRead("/health/live", (LivenessMonitor monitor) => Live(monitor.Faults));
        app.MapRead("/health/ready", (StatusSampler sampler) => Ready(sampler.Health));
    }

    private static IResult Live(IReadOnlyList<string> faults) => faults.Count == 0
        ? Results.Ok(new { status = "live" })
        : Unhealthy("not live", faults);

    private static IResult Ready(Health health) => health.IsReady
        ? Results.Ok(new { status = "ready" })
        : Unhealthy("not ready", health.Reasons);

    private static IResult Unhealthy(string status, IReadOnlyList<string> reasons) =>
        Results.Json(new { status, reasons }, statusCode: StatusCodes.Status503ServiceUnavailable);
}
