using System.Diagnostics;
using System.Globalization;
using ClickOrleans.Pipeline.Telemetry;
using Elastic.Transport;

namespace ClickOrleans.Elasticsearch.Connection;

/// <summary>What a request does, and the span of the request.</summary>
/// <param name="Name">The endpoint's name in Elasticsearch's API: <c>search</c>, <c>indices.refresh</c>.</param>
/// <param name="Target">The alias or index.</param>
/// <remarks>
/// Attributes by the semantic conventions for Elasticsearch (https://opentelemetry.io/docs/specs/semconv/db/elasticsearch/). The
/// client's own source, Elastic.Transport, still uses the names of version 1.21 and is not exported.
/// </remarks>
internal sealed record Operation(string Name, string Target)
{
    /// <summary>How many documents a bulk request holds; null for other requests.</summary>
    public Func<int>? BatchSize { get; init; }

    public Activity? Start() => ClickTelemetry.Source.StartActivity($"{Name} {Target}", ActivityKind.Client)
        ?.SetTag("db.system.name", "elasticsearch")
        .SetTag("db.operation.name", Name)
        .SetTag("db.collection.name", Target);

    public void Describe(Activity? span, ApiCallDetails details)
    {
        if (span is null)
        {
            return;
        }

        span.SetTag("http.request.method", details.HttpMethod.ToString());
        span.SetTag("url.full", details.Uri?.AbsoluteUri);
        span.SetTag("server.address", details.Uri?.Host);
        span.SetTag("server.port", details.Uri?.Port);
        if (BatchSize is not null)
        {
            span.SetTag("db.operation.batch.size", BatchSize());
        }

        if (details.HttpStatusCode is { } status)
        {
            var code = status.ToString(CultureInfo.InvariantCulture);
            span.SetTag("db.response.status_code", code);
            if (status >= 400)
            {
                span.SetTag("error.type", code).SetStatus(ActivityStatusCode.Error);
            }
        }
    }

    /// <summary>A failure without an error status: the exception's type says what it is.</summary>
    public static void Fail(Activity? span, Exception failure)
    {
        if (span?.GetTagItem("error.type") is null)
        {
            span.Fail(failure);
        }
    }
}
