using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ClickOrleans.AppHost.Tests;

/// <summary>An application that runs, seen through its silo's endpoint and commands.</summary>
internal sealed class RunningPipeline : IAsyncDisposable
{
    private static readonly TimeSpan StatusTimeout = TimeSpan.FromSeconds(120);

    private readonly DistributedApplication _app;
    private readonly string _silo;
    private readonly HttpClient _http;

    private RunningPipeline(DistributedApplication app, string silo)
    {
        _app = app;
        _silo = silo;
        _http = app.CreateHttpClient("silo", "http");
    }

    public DistributedApplication App => _app;

    /// <summary>Starts it and returns when the silo is healthy.</summary>
    public static async Task<RunningPipeline> StartAsync(IDistributedApplicationTestingBuilder builder)
    {
        var app = await builder.BuildAsync(TestContext.Current.CancellationToken);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(AppHostBuilder.StartTimeout);
        try
        {
            await app.StartAsync(late.Token);
            var silo = await app.ResourceNotifications.WaitForResourceHealthyAsync("silo", late.Token);
            return new RunningPipeline(app, silo.ResourceId);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives the silo a command, as its button in the dashboard and <c>aspire resource</c> do.</summary>
    public Task<ExecuteCommandResult> CommandAsync(string name) =>
        _app.ResourceCommands.ExecuteCommandAsync(_silo, name, TestContext.Current.CancellationToken);

    /// <summary>Gives it a command that has to succeed.</summary>
    /// <returns>Its result.</returns>
    public async Task<string> SucceedAsync(string name)
    {
        var result = await CommandAsync(name);
        Assert.True(result.Success, $"{name}: {result.Message}");
        return result.Data!.Value;
    }

    public async Task PutAsync(string path, object body)
    {
        using var answer = await _http.PutAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task<JsonElement> WaitForStatusAsync(Func<JsonElement, bool> condition)
    {
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            var status = await _http.GetFromJsonAsync<JsonElement>("/api/status");
            if (condition(status))
            {
                return status;
            }

            Assert.True(Stopwatch.GetElapsedTime(begun) < StatusTimeout, $"The status never was as expected. Last: {status}");
            await Task.Delay(100);
        }
    }

    /// <returns>How long it took until every silo had exited.</returns>
    public async Task<TimeSpan> StopAsync()
    {
        var begun = Stopwatch.GetTimestamp();
        await _app.StopAsync();
        return Stopwatch.GetElapsedTime(begun);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }
}
