using System.Threading.RateLimiting;
using ClickOrleans.Dashboard;
using ClickOrleans.Dashboard.Pages;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ClickOrleans.Silo.Http;

/// <summary><c>/login</c> and <c>/logout</c>: an API key shown once for a session in a cookie.</summary>
internal static class SignIn
{
    public const string Path = "/login";

    private const string Policy = "sign-in";
    private const int Tries = 10;

    /// <summary>One more try for each of these.</summary>
    private static readonly TimeSpan TryEvery = TimeSpan.FromSeconds(6);

    /// <summary>What somebody without a session may have: the page itself and the files that it is drawn with.</summary>
    public static bool IsOpen(HttpRequest request) =>
        request.Path == Path
        || (HttpMethods.IsGet(request.Method) && request.Path.StartsWithSegments("/_content", StringComparison.Ordinal));

    public static void AddSignIn(this IServiceCollection services)
    {
        services.AddSingleton<ApiKey>();
        services.AddSingleton<DashboardSession>();
        services.AddRateLimiter(limits =>
        {
            limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limits.AddPolicy(Policy, context => RateLimitPartition.GetTokenBucketLimiter(
                context.Connection.RemoteIpAddress?.ToString() ?? "",
                _ => new TokenBucketRateLimiterOptions
                {
                    TokenLimit = Tries,
                    TokensPerPeriod = 1,
                    ReplenishmentPeriod = TryEvery,
                    QueueLimit = 0,
                }));
        });
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "clickorleans-form";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
    }

    public static void MapSignIn(this WebApplication app)
    {
        app.MapGet(Path, (string? to, DashboardSession session) => session.IsNeeded ? Page(to, null) : Results.Redirect("/"));
        app.MapPost(Path, SignInAsync).RequireRateLimiting(Policy).DisableAntiforgery();
        app.MapPost("/logout", SignOutAsync).DisableAntiforgery();
    }

    /// <summary>
    /// The form's token is checked by hand, so that an old form is answered with a new one and not with an error.
    /// </summary>
    private static async Task<IResult> SignInAsync(HttpContext context, IAntiforgery forms, ApiKey key, DashboardSession session)
    {
        if (!session.IsNeeded)
        {
            return Results.Redirect("/");
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var to = form["to"].ToString();
        if (!await forms.IsRequestValidAsync(context))
        {
            return Page(to, "The page has expired. Sign in again.", StatusCodes.Status400BadRequest);
        }

        if (!key.IsRight(form["key"].ToString()))
        {
            return Page(to, "This is not the API key.", StatusCodes.Status401Unauthorized);
        }

        context.Response.Cookies.Append(DashboardSession.Cookie, session.Begin(), Options(context, DashboardSession.Duration));
        return Results.LocalRedirect(IsLocal(to) ? to : "/");
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, IAntiforgery forms)
    {
        if (!await forms.IsRequestValidAsync(context))
        {
            return Results.Redirect("/");
        }

        context.Response.Cookies.Delete(DashboardSession.Cookie, Options(context, null));
        return Results.Redirect(Path);
    }

    private static CookieOptions Options(HttpContext context, TimeSpan? maxAge) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        MaxAge = maxAge,
        Path = "/",
    };

    /// <summary>A path of this silo's own: nothing that a browser takes for another host.</summary>
    private static bool IsLocal(string to) =>
        to.StartsWith('/')
        && !to.StartsWith("//", StringComparison.Ordinal)
        && !to.Contains('\\', StringComparison.Ordinal);

    private static RazorComponentResult<LoginPage> Page(string? to, string? error, int statusCode = StatusCodes.Status200OK) =>
        new(new { To = to ?? "/", Error = error }) { StatusCode = statusCode, PreventStreamingRendering = true };
}
