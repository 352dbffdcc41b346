using ClickOrleans.Silo.Status;

namespace ClickOrleans.Silo.Http;

internal static class StatusRoutes
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static void MapStatus(this RouteGroupBuilder api) => api.MapRead("/status", GetAsync);

    /// <summary>The status of now; if it cannot be read, the last one that could, with the reason among its errors.</summary>
    private static async Task<IResult> GetAsync(StatusReader reader, StatusSampler sampler, CancellationToken cancellationToken)
    {
        try
        {
            return Results.Ok(await reader.ReadAsync(cancellationToken).WaitAsync(Timeout, cancellationToken));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            if (sampler.Status is not { } last)
            {
                return Results.Problem(
                    $"The status cannot be read: {exception.Message}", statusCode: StatusCodes.Status503ServiceUnavailable);
            }

            var reason = $"status: as of earlier, now it cannot be read: {exception.Message}";
            return Results.Ok(last.AsOfEarlier() with { Errors = [.. last.Errors, reason] });
        }
    }
}
