using System.Net;
using ClickOrleans.Silo.Configuration;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Silo.Http;

/// <summary>
/// Refuses changes that a page of another web origin asks a visitor's browser for, and requests under a foreign host name
/// (DNS rebinding) where the silo is bound to loopback.
/// </summary>
internal sealed class ForeignOriginGuard(RequestDelegate next, IOptions<HttpOptions> http)
{
    /// <summary>Nobody reaches this silo under any other name; with an API key a foreign page has no way in anyhow.</summary>
    private readonly bool _isLocalOnly = IPAddress.IsLoopback(http.Value.Address) && !http.Value.HasApiKey;

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (_isLocalOnly && !IsLoopback(request.Host.Host))
        {
            return RefuseAsync(
                context, $"This silo is bound to {http.Value.Address}; requests under another host name are refused.");
        }

        // A web socket begins with a GET and then does everything that a page can do.
        var method = request.Method;
        var isReading = HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
        return (isReading && !context.WebSockets.IsWebSocketRequest && request.Headers.Upgrade.Count == 0) || IsOwn(request)
            ? next(context)
            : RefuseAsync(context, "Changes from another web origin are refused.");
    }

    private static Task RefuseAsync(HttpContext context, string reason) =>
        Results.Problem(reason, statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context);

    // .localhost never leaves the machine: RFC 6761, 6.3.
    private static bool IsLoopback(string host) =>
        host is "" or "localhost"
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>A browser leaves out the scheme's default port, and a proxy may add it to the host name.</summary>
    private static bool IsSame(Uri origin, HostString host) =>
        string.Equals(origin.Host.Trim('[', ']'), host.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase)
        && (host.Port ?? DefaultPort(origin)) == origin.Port;

    private static int DefaultPort(Uri origin) => origin.Scheme == Uri.UriSchemeHttps ? 443 : 80;

    private static bool IsOwn(HttpRequest request)
    {
        if (request.Headers.Origin.FirstOrDefault() is { } origin)
        {
            return Uri.TryCreate(origin, UriKind.Absolute, out var uri) && IsSame(uri, request.Host);
        }

        // Browsers that leave out Origin say in Sec-Fetch-Site where a request comes from; programs say nothing.
        return request.Headers["Sec-Fetch-Site"].FirstOrDefault() is null or "same-origin" or "none";
    }
}
