namespace ClickOrleans.Silo.Http;

/// <summary>
/// Refuses changes that a page of another web origin asks a visitor's browser for, and requests under a foreign host name
/// (DNS rebinding) where the silo is bound to loopback.
/// </summary>
internal sealed class ForeignOriginGuard(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method) || IsOwn(request))
        {
            return next(context);
        }

        return Results.Problem("Changes from another web origin are refused.", statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context);
    }

    private static bool IsOwn(HttpRequest request)
    {
        if (request.Headers.Origin.FirstOrDefault() is { } origin)
        {
            return Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority == request.Host.Value;
        }

        // Browsers that leave out Origin say in Sec-Fetch-Site where a request comes from; programs say nothing.
        return request.Headers["Sec-Fetch-Site"].FirstOrDefault() is null or "same-origin" or "none";
    }
}
