namespace ClickOrleans.Silo.Http;

/// <summary>
/// Where an API key is set, everything but the health routes needs it, as <c>X-Api-Key</c> or as bearer token. A browser shows it
/// once, on the sign-in page, and then its session: that opens the dashboards, not <c>/api</c>.
/// </summary>
internal sealed class ApiKeyGuard(RequestDelegate next, ApiKey key, DashboardSession session)
{
    private const string Bearer = "Bearer ";

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!key.IsSet
            || request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase)
            || key.IsRight(Shown(request)))
        {
            return next(context);
        }

        if (request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            return RefuseAsync(context);
        }

        if (session.IsRight(request.Cookies[DashboardSession.Cookie]))
        {
            context.Items[Dashboard.DashboardHosting.SignedIn] = true;
            return next(context);
        }

        if (SignIn.IsOpen(request))
        {
            return next(context);
        }

        if (HttpMethods.IsGet(request.Method)
            && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Redirect($"{SignIn.Path}?to={Uri.EscapeDataString(request.Path + request.QueryString)}");
            return Task.CompletedTask;
        }

        return RefuseAsync(context);
    }

    private static Task RefuseAsync(HttpContext context) =>
        Results.Problem("An API key is needed: header X-Api-Key.", statusCode: StatusCodes.Status401Unauthorized)
            .ExecuteAsync(context);

    private static string? Shown(HttpRequest request)
    {
        if (request.Headers["X-Api-Key"].FirstOrDefault() is { } key)
        {
            return key;
        }

        var authorization = request.Headers.Authorization.FirstOrDefault();
        return authorization?.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) == true
            ? authorization[Bearer.Length..]
            : null;
    }
}
