using System.Runtime.ExceptionServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ClickOrleans.Pipeline.Index;
using Elastic.Clients.Elasticsearch;
using Elastic.Transport;
using Microsoft.Extensions.Configuration;
using Polly;
using Polly.Retry;

namespace ClickOrleans.Elasticsearch.Connection;

/// <summary>
/// The Elasticsearch client, its timeouts and retries; distinguishes outages from errors that a person must correct.
/// </summary>
/// <remarks>
/// Reads are attempted up to three times. Writes are attempted once, on each node at most: only the caller, who knows the
/// documents, can decide what to send again. The client is created at the first request and, after a setup error, created anew at
/// the next: a corrected CA file is used without a restart.
/// </remarks>
internal sealed class ElasticsearchConnection : IDisposable
{
    private readonly string _connectionString;
    private readonly IConfiguration _configuration;
    private readonly ElasticsearchOptions _options;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline _reads;
    private readonly Lock _lock = new();
    private ClientSettings? _settings;

    public ElasticsearchConnection(
        string connectionString, IConfiguration configuration, ElasticsearchOptions options, TimeProvider time)
    {
        _connectionString = connectionString;
        _configuration = configuration;
        _options = options;
        _time = time;
        _reads = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = 2,
                Delay = TimeSpan.FromMilliseconds(200),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = new PredicateBuilder()
                    .Handle<HttpRequestException>()
                    .Handle<IOException>()
                    .Handle<ElasticsearchException>(exception => exception.IsTransient),
            })
            .Build();
    }

    /// <summary>The addresses of the nodes, without secrets.</summary>
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

    /// <summary>Sends a typed request that changes nothing, again where that may help.</summary>
    public Task<TResponse> ReadAsync<TResponse>(
        Operation operation,
        Func<ElasticsearchClient, CancellationToken, Task<TResponse>> send,
        CancellationToken cancellationToken)
        where TResponse : TransportResponse =>
        RetryAsync(token => TypedAsync(operation, send, token), cancellationToken);

    /// <summary>Sends a typed request once.</summary>
    public Task<TResponse> WriteAsync<TResponse>(
        Operation operation,
        Func<ElasticsearchClient, CancellationToken, Task<TResponse>> send,
        CancellationToken cancellationToken)
        where TResponse : TransportResponse =>
        WithinAsync(_options.RequestTimeout, token => TypedAsync(operation, send, token), cancellationToken);

    /// <summary>Gets JSON as it is, again where that may help.</summary>
    public Task<T> ReadJsonAsync<T>(
        Operation operation, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        RetryAsync(
            token => RawAsync(operation, settings => settings.GetAsync(path, token), type, token),
            cancellationToken);

    /// <summary>Puts JSON as it is, once.</summary>
    public Task<T> WriteJsonAsync<T>(
        Operation operation, string path, string body, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        WithinAsync(
            _options.RequestTimeout,
            token => RawAsync(operation, settings => settings.PutAsync(path, body, token), type, token),
            cancellationToken);

    /// <summary>Sends a bulk request once.</summary>
    public Task<T> BulkAsync<T>(
        Operation operation, string path, PostData body, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        WithinAsync(
            _options.BulkTimeout,
            token => RawAsync(operation, settings => settings.BulkAsync(path, body, token), type, token),
            cancellationToken);

    /// <summary>The exception for a bulk item that was refused because a privilege is missing.</summary>
    public IndexSetupException MissingPrivilege(string? reason) =>
        ErrorAnswer.MissingPrivilege(Endpoint(), _options.Index, reason);

    public void Dispose() => Reset();

    private Task<TResponse> TypedAsync<TResponse>(
        Operation operation,
        Func<ElasticsearchClient, CancellationToken, Task<TResponse>> send,
        CancellationToken cancellationToken)
        where TResponse : TransportResponse =>
        AttemptAsync(operation, settings => send(settings.Client, cancellationToken), ValueTask.FromResult);

    private Task<T> RawAsync<T>(
        Operation operation,
        Func<ClientSettings, Task<StreamResponse>> send,
        JsonTypeInfo<T> type,
        CancellationToken cancellationToken) =>
        AttemptAsync(
            operation,
            send,
            async response => await JsonSerializer.DeserializeAsync(response.Body, type, cancellationToken)
                ?? throw new JsonException($"{Address} answered null."));

    private Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken) =>
        WithinAsync(
            _options.RequestTimeout,
            token => _reads.ExecuteAsync(async each => await attempt(each), token).AsTask(),
            cancellationToken);

    private async Task<T> WithinAsync<T>(
        TimeSpan timeout, Func<CancellationToken, Task<T>> send, CancellationToken cancellationToken)
    {
        // The client's own timeout ends with the head of the response; this one covers the body and the retries as well. The
        // request is awaited to its end, however it ends: the buffer of its body is used again.
        using var limit = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await send(either.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{Address} did not answer within {timeout.TotalSeconds} s.", exception);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    private async Task<T> AttemptAsync<TResponse, T>(
        Operation operation, Func<ClientSettings, Task<TResponse>> send, Func<TResponse, ValueTask<T>> read)
        where TResponse : TransportResponse
    {
        using var span = operation.Start();
        try
        {
            var settings = Settings();
            var response = await send(settings);
            using var body = response as IDisposable;
            operation.Describe(span, response.ApiCallDetails);
            ErrorAnswer.ThrowIfFailed(response.ApiCallDetails, settings.Endpoint, _options.Index);
            return await read(response);
        }
        catch (Exception exception)
        {
            var failure = ClientFailure.Of(exception, Address);
            Operation.Fail(span, failure);
            if (failure is IndexSetupException)
            {
                Reset();
            }

            ExceptionDispatchInfo.Throw(failure);
            throw;
        }
    }

    private ClientSettings Settings()
    {
        lock (_lock)
        {
            return _settings ??= new ClientSettings(Endpoint(), _options);
        }
    }

    private void Reset()
    {
        lock (_lock)
        {
            _settings?.Dispose();
            _settings = null;
        }
    }

    private ElasticsearchEndpoint Endpoint() => ElasticsearchEndpoint.Parse(_connectionString, _options.ApiKey, _configuration);
}
