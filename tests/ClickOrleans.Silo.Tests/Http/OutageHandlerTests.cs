using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Silo.Http;
using ClickOrleans.Testing.InMemory.Index;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Silo.Tests.Http;

/// <summary>A request that meets an outage is answered with 503 and the reason, an error of the program with 500.</summary>
public sealed class OutageHandlerTests : IAsyncLifetime
{
    private readonly InMemoryClickIndex _index = new();
    private readonly HttpClient _http = new();
    private WebApplication _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IClickIndex>(_index);
        builder.Services.AddSingleton<OutageText>();
        builder.Services.AddSingleton<IOutageClassifier>(new KnowsIOException());
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<OutageHandler>();
        _app = builder.Build();
        _app.UseExceptionHandler();
        _app.MapGroup("/api").MapSearch();
        await _app.StartAsync(Token);
        _http.BaseAddress = new Uri(_app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/html")]
    public async Task An_outage_is_503_with_the_reason(string accepted)
    {
        _index.Outage = new IOException("the index is closed");

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/clicks/search?q=a");
        request.Headers.Accept.ParseAdd(accepted);
        using var response = await _http.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("the index is closed", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_of_the_program_is_500_without_its_text()
    {
        _index.Outage = new InvalidOperationException("hush");

        using var response = await _http.GetAsync("/api/clicks/search?q=a", Token);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.DoesNotContain("hush", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_it_is_over_documents_come_again()
    {
        _index.Outage = new IOException("the index is closed");
        (await _http.GetAsync("/api/clicks/search?q=a", Token)).Dispose();
        _index.Outage = null;

        var documents = await _http.GetFromJsonAsync<JsonElement>("/api/clicks/search?q=a", Token);

        Assert.Equal(0, documents.GetArrayLength());
    }

    private sealed class KnowsIOException : IOutageClassifier
    {
        public string? Describe(Exception exception) => exception is IOException ? exception.Message : null;
    }
}
