using System.Net.Http.Headers;
using System.Runtime.ExceptionServices;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ClickOrleans.Elasticsearch.Documents;
using ClickOrleans.Pipeline.Index;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace ClickOrleans.Elasticsearch.Connection;

/// <summary>Speaks to Elasticsearch's REST API and tells outages from what a person must set right.</summary>
/// <remarks>
/// Reads are tried up to three times; writes once, because only who knows the documents can judge what to send again. The HTTP
/// client is made at the first request and, after a setup error, made anew at the next: a corrected CA file is seen without a
/// restart.
/// </remarks>
internal sealed class ElasticsearchClient : IDisposable
{
    private readonly string _connectionString;
    private readonly IConfiguration _configuration;
    private readonly ElasticsearchOptions _options;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<HttpResponseMessage> _reads;
    private readonly Lock _lock = new();
    private HttpClient? _http;

    public ElasticsearchClient(
        string connectionString, IConfiguration configuration, ElasticsearchOptions options, TimeProvider time)
    {
        _connectionString = connectionString;
        _configuration = configuration;
        _options = options;
        _time = time;
        _reads = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = 2,
                Delay = TimeSpan.FromMilliseconds(200),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(
                    SetupProblem(arguments.Outcome.Exception) is null && HttpClientResiliencePredicates.IsTransient(arguments.Outcome)),
            })
            .Build();
    }

    /// <summary>Where it is, without secrets.</summary>
    public string Address
    {
        get
        {
            try
            {
                return Endpoint().ToString();
            }
            catch (IndexSetupException)
            {
                return "an unreadable address";
            }
        }
    }

    /// <summary>Sends a request that changes nothing, again where that may help.</summary>
    public Task<T> ReadAsync<T>(
        HttpMethod method, string path, Func<HttpContent>? content, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(
            (http, token) => _reads.ExecuteAsync(
                async attempt => await http.SendAsync(
                    Request(method, path, content?.Invoke()), HttpCompletionOption.ResponseHeadersRead, attempt), token).AsTask(),
            type,
            _options.RequestTimeout,
            cancellationToken);

    /// <summary>Sends a request once.</summary>
    public Task<T> WriteAsync<T>(
        HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type, TimeSpan timeout, CancellationToken cancellationToken) =>
        SendAsync(
            (http, token) => http.SendAsync(Request(method, path, content), HttpCompletionOption.ResponseHeadersRead, token),
            type,
            timeout,
            cancellationToken);

    /// <summary>Sends a request about indices once.</summary>
    public Task<T> WriteAsync<T>(
        HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        WriteAsync(method, path, content, type, _options.RequestTimeout, cancellationToken);

    /// <summary>What to throw where a single item of a bulk was refused for want of a privilege.</summary>
    public IndexSetupException MissingPrivilege(string? reason) => ErrorAnswer.MissingPrivilege(Endpoint(), _options.Index, reason);

    public void Dispose() => Reset();

    private static HttpRequestMessage Request(HttpMethod method, string path, HttpContent? content) =>
        new(method, new Uri(path, UriKind.Relative)) { Content = content };

    private async Task<T> SendAsync<T>(
        Func<HttpClient, CancellationToken, Task<HttpResponseMessage>> send,
        JsonTypeInfo<T> type,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var response = await send(Http(), either.Token);
            if (!response.IsSuccessStatusCode)
            {
                throw await ErrorAnswer.ReadAsync(response, Endpoint(), _options.Index, either.Token);
            }

            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            return await JsonSerializer.DeserializeAsync(body, type, either.Token)
                ?? throw new JsonException($"{Address} answered null.");
        }
        catch (Exception exception) when (SetupProblem(exception) is { } problem)
        {
            Reset();
            ExceptionDispatchInfo.Throw(problem);
            throw;
        }
        catch (OperationCanceledException exception) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{Address} did not answer within {timeout.TotalSeconds} s.", exception);
        }
    }

    private HttpClient Http()
    {
        lock (_lock)
        {
            return _http ??= Create();
        }
    }

    private HttpClient Create()
    {
        var endpoint = Endpoint();
        var http = new HttpClient(TrustedHandler.Create(endpoint.Address, _options.CertificateAuthority))
        {
            BaseAddress = endpoint.Address,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.Authorization = endpoint.Authorization;
        http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return http;
    }

    private void Reset()
    {
        lock (_lock)
        {
            _http?.Dispose();
            _http = null;
        }
    }

    private ElasticsearchEndpoint Endpoint() => ElasticsearchEndpoint.Parse(_connectionString, _options.ApiKey, _configuration);

    private IndexSetupException? SetupProblem(Exception? exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is IndexSetupException problem)
            {
                return problem;
            }
        }

        return exception is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: AuthenticationException tls }
            ? new IndexSetupException(
                $"{Address} does not complete a TLS handshake ({tls.Message}): check that it is Elasticsearch's HTTPS port, "
                + "and use http:// in the connection string if it is served without TLS.",
                exception)
            : null;
    }
}
