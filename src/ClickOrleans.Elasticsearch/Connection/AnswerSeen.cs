using System.Globalization;
using Elastic.Transport;

namespace ClickOrleans.Elasticsearch.Connection;

/// <summary>What an answer shows of itself: <c>301, a redirect to https://host/</c>, <c>404 with text/html</c>.</summary>
internal static class AnswerSeen
{
    public const string LocationHeader = "location";

    public static string By(ApiCallDetails details)
    {
        var status = details.HttpStatusCode?.ToString(CultureInfo.InvariantCulture);
        if (details.HttpStatusCode is >= 300 and < 400 && Target(details) is { } target)
        {
            return $"{status}, a redirect to {target}";
        }

        return details.ResponseContentType is { Length: > 0 } type ? $"{status} with {type}" : $"{status} with no content type";
    }

    /// <summary>Without a query: it may hold a token.</summary>
    private static string? Target(ApiCallDetails details) =>
        details.TryGetHeader(LocationHeader, out var locations) && locations.FirstOrDefault() is { } location
            ? Uri.TryCreate(location, UriKind.Absolute, out var uri) && uri.Host.Length > 0
                ? $"{uri.Scheme}://{uri.Authority}{uri.AbsolutePath}"
                : location.Split('?', '#')[0]
            : null;
}
