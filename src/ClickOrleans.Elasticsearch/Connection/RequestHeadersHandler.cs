using System.Diagnostics;

namespace ClickOrleans.Elasticsearch.Connection;

/// <summary>Headers that the client cannot set: how a bulk's body is encoded, and the trace that a request belongs to.</summary>
/// <remarks>The handler below creates no span, see <see cref="TrustedHandler"/>, and therefore propagates none either.</remarks>
internal sealed class RequestHeadersHandler(HttpMessageHandler inner, bool compress) : DelegatingHandler(inner)
{
    public const string BulkType = "application/x-ndjson";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (compress && request.Content is { Headers.ContentType.MediaType: BulkType } bulk)
        {
            bulk.Headers.ContentEncoding.Add("gzip");
        }

        DistributedContextPropagator.Current.Inject(Activity.Current, request, static (carrier, name, value) =>
            ((HttpRequestMessage)carrier!).Headers.TryAddWithoutValidation(name, value));
        return base.SendAsync(request, cancellationToken);
    }
}
