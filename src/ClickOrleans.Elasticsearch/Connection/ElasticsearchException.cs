using System.Net;

namespace ClickOrleans.Elasticsearch.Connection;

/// <summary>Elasticsearch, or what stands in front of it, answered with an error. Says nothing against any document.</summary>
/// <param name="type">Elasticsearch's name of the error; null if the answer was not Elasticsearch's.</param>
internal sealed class ElasticsearchException(HttpStatusCode status, string? type, string message) : Exception(message)
{
    public HttpStatusCode Status { get; } = status;

    public string? Type { get; } = type;

    /// <summary>Too many requests, too large, or failing: a smaller request later may be taken.</summary>
    public bool IsPushBack =>
        Status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestEntityTooLarge or >= HttpStatusCode.InternalServerError;

    /// <summary>The same request later may succeed.</summary>
    public bool IsTransient =>
        Status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
}

/// <summary>The index is not behind its alias any more: open it again, which makes it again.</summary>
internal sealed class IndexGoneException(string message) : Exception(message);
