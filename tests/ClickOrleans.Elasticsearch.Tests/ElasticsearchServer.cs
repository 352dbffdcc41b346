using System.Text.Json;
using ClickOrleans.Elasticsearch.Connection;
using ClickOrleans.Elasticsearch.Indices;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Testing.Servers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

[assembly: AssemblyFixture(typeof(ClickOrleans.Elasticsearch.Tests.Elasticsearch9Server))]
[assembly: AssemblyFixture(typeof(ClickOrleans.Elasticsearch.Tests.Elasticsearch8Server))]

namespace ClickOrleans.Elasticsearch.Tests;

/// <summary>One Elasticsearch for all tests of the assembly that do not kill it, started by the first that asks.</summary>
public abstract class ElasticsearchServer(Func<Task<TestServer>> start) : IAsyncDisposable
{
    private static readonly IConfiguration NoConfiguration = new ConfigurationBuilder().Build();

    private readonly Lazy<Task<TestServer>> _server = new(start);
    private readonly HttpClient _http = new();
    private int _names;

    /// <summary>Starts another of the same version, for a test that kills it.</summary>
    public Task<TestServer> StartNewAsync() => start();

    /// <summary>Its URL. A test that comes here where there is no server is skipped.</summary>
    public async Task<string> AddressAsync() => (await _server.Value).Address;

    /// <summary>A name that no other test uses.</summary>
    public string NewName() => $"clicks{Interlocked.Increment(ref _names)}";

    public static ElasticsearchIndex Index(string address, ElasticsearchOptions options) =>
        new(Connect(address, options), options, NullLogger<ElasticsearchIndex>.Instance);

    internal static ElasticsearchConnection Connect(string address, ElasticsearchOptions options) =>
        new(address, NoConfiguration, options, TimeProvider.System);

    public static ElasticsearchRebuild Rebuild(string address, ElasticsearchOptions options, IRollupStore rollups) =>
        new(Connect(address, options), options, rollups, TimeProvider.System, NullLogger<ElasticsearchRebuild>.Instance);

    /// <summary>Asks the server past the adapter.</summary>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, string? json = null) =>
        await SendAsync(_http, await AddressAsync(), method, path, json);

    public static async Task<JsonElement> SendAsync(
        HttpClient http, string address, HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, $"{address}/{path}");
        if (json is not null)
        {
            request.Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        }

        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        using var document = JsonDocument.Parse(text.Length == 0 ? "{}" : text);
        return document.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_server.IsValueCreated && _server.Value.IsCompletedSuccessfully)
        {
            await (await _server.Value).DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}

public sealed class Elasticsearch9Server() : ElasticsearchServer(() => TestServer.ElasticsearchAsync());

public sealed class Elasticsearch8Server() : ElasticsearchServer(() => TestServer.Elasticsearch8Async());
