using System.Text.Json;
using ClickOrleans.Elasticsearch.Documents;
using Elastic.Clients.Elasticsearch;
using Elastic.Clients.Elasticsearch.Serialization;
using Elastic.Transport;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace ClickOrleans.Elasticsearch.Connection;

/// <summary>The client as this adapter uses it.</summary>
/// <remarks>
/// <para>Every request accepts and sends plain JSON: Elasticsearch 8 refuses the client's own media type, which names version 9
/// (https://www.elastic.co/docs/reference/elasticsearch/rest-apis/compatibility).</para>
/// <para>Nodes are those of the connection string. Sniffing is off: the addresses that a cluster publishes are often unreachable
/// from outside (containers, Kubernetes, proxies), and it needs a cluster privilege; so do pings. A node that fails is not used
/// for a minute, and its request goes to the next one.</para>
/// </remarks>
internal sealed class ClientSettings : IDisposable
{
    private const string JsonType = "application/json";

    private readonly ElasticsearchClientSettings _settings;
    private readonly RequestConfiguration _json;
    private readonly RequestConfiguration _bulk;

    /// <exception cref="ClickOrleans.Pipeline.Index.IndexSetupException">The CA file is missing or cannot be read.</exception>
    public ClientSettings(ElasticsearchEndpoint endpoint, ElasticsearchOptions options)
    {
        // A node that accepts a connection and never answers leaves time for the others.
        var nodes = endpoint.Nodes.Count;
        _json = new RequestConfiguration { Accept = JsonType, ContentType = JsonType };
        _bulk = new RequestConfiguration
        {
            Accept = JsonType,
            ContentType = RequestHeadersHandler.BulkType,
            RequestTimeout = options.BulkTimeout / nodes,
            TransferEncodingChunked = true,
        };
        var longest = options.BulkTimeout > options.RequestTimeout ? options.BulkTimeout : options.RequestTimeout;
        _settings = new ElasticsearchClientSettings(
                nodes == 1 ? new SingleNodePool(endpoint.Nodes[0]) : new StaticNodePool(endpoint.Nodes),
                new HttpRequestInvoker((_, _) => Handler(endpoint, options)),
                (_, settings) => new DefaultSourceSerializer(settings, ElasticsearchJson.Default, UseSnakeCase))
            .OnBeforeRequest((_, _, _, ref _, ref configuration) => configuration = _json)
            .RequestTimeout(options.RequestTimeout / nodes)
            .MaxRetryTimeout(longest)
            .MaxDeadTimeout(TimeSpan.FromMinutes(1))
            .ResponseHeadersToParse(new HeadersList([ErrorAnswer.ProductHeader, AnswerSeen.LocationHeader]))
            .EnableHttpCompression(false)
            .DisablePing()
            .SniffOnStartup(false)
            .SniffOnConnectionFault(false)
            .SniffLifeSpan(null)
            .DisableAuditTrail();
        if (endpoint.Authorization is { } authorization)
        {
            _settings.Authentication(authorization);
        }

        Endpoint = endpoint;
        Client = new ElasticsearchClient(_settings);
    }

    public ElasticsearchEndpoint Endpoint { get; }

    public ElasticsearchClient Client { get; }

    /// <returns>To be disposed of, as that of the others.</returns>
    public Task<StreamResponse> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.GET, path, null, _json, cancellationToken);

    public Task<StreamResponse> PutAsync(string path, string json, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.PUT, path, PostData.String(json), _json, cancellationToken);

    public Task<StreamResponse> BulkAsync(string path, PostData body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.POST, path, body, _bulk, cancellationToken);

    public void Dispose() => ((IDisposable)_settings).Dispose();

    private Task<StreamResponse> SendAsync(
        HttpMethod method, string path, PostData? body, RequestConfiguration configuration, CancellationToken token) =>
        Client.Transport.RequestAsync<StreamResponse>(new EndpointPath(method, path), body, null, configuration, token);

    private static RequestHeadersHandler Handler(ElasticsearchEndpoint endpoint, ElasticsearchOptions options) =>
        new(TrustedHandler.Create(endpoint, options.CertificateAuthority), options.Compress);

    private static void UseSnakeCase(JsonSerializerOptions options) =>
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
}
