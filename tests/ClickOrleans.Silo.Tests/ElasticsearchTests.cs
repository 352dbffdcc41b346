using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ClickOrleans.Testing.Pipelines;
using ClickOrleans.Testing.Servers;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Silo.Tests;

/// <summary>The whole program with a real Elasticsearch: away, back, deleted, rebuilt.</summary>
public sealed class ElasticsearchTests
{
    [Fact]
    public async Task A_dead_index_stops_neither_consuming_nor_folding_and_is_caught_up_with_when_it_is_back()
    {
        using var data = new TemporaryFolder();
        await using var elasticsearch = await TestServer.ElasticsearchAsync();
        await elasticsearch.KillAsync();
        var settings = Settings(elasticsearch);
        await using (var silo = await SiloProcess.RunAsync(["--rate", "500", "--data", data.Path], settings))
        {
            await silo.WaitForStatusAsync(
                status => status.Total("folded") > 1_000 && status.Total("indexed") == 0 && status.Total("stored") > 1_500,
                PipelineTestExtensions.Timeout);
            var ready = await silo.Http.GetAsync("/health/ready");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            Assert.Contains("index", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);

            await elasticsearch.StartAsync();
            await silo.WaitForStatusAsync(status => status.Total("indexed") > 0, PipelineTestExtensions.Timeout);
            await silo.PutAsync("/api/producers", new { count = 0 });
            await silo.WaitForStatusAsync(IsAtRest, PipelineTestExtensions.Timeout);
            var found = await silo.Http.GetFromJsonAsync<JsonElement>("/api/clicks/search?q=&limit=1");
            Assert.True(found[0].GetProperty("clicks").GetInt64() > 0);
            Assert.Equal(0, await silo.InterruptAsync(TimeSpan.FromSeconds(10)));
        }

        var verified = await SiloProcess.CommandAsync(["verify", "--data", data.Path], settings);
        Assert.True(verified.ExitCode == 0, verified.Output);
    }

    [Fact]
    public async Task An_index_deleted_behind_our_back_is_filled_again_and_one_rebuilt_by_command_is_whole()
    {
        using var data = new TemporaryFolder();
        await using var elasticsearch = await TestServer.ElasticsearchAsync();
        var settings = Settings(elasticsearch);
        await SiloProcess.CommandAsync(["produce", "--count", "2000", "--data", data.Path], settings);
        await using var silo = await SiloProcess.RunAsync(["--producers", "0", "--data", data.Path], settings);
        await silo.WaitForStatusAsync(
            status => status.Total("stored") == 2_000 && IsAtRest(status), PipelineTestExtensions.Timeout);
        using var server = new HttpClient { BaseAddress = new Uri(elasticsearch.Address) };

        await server.DeleteAsync("/click_events-000001");
        await silo.Http.PostAsync("/api/aggregation/run", null);
        var filled = await SiloProcess.CommandAsync(["verify", "--data", data.Path], settings);
        var rebuilt = await SiloProcess.CommandAsync(["index", "rebuild"], WithData(settings, data));
        await silo.Http.PostAsync("/api/aggregation/run", null);
        var after = await SiloProcess.CommandAsync(["verify", "--data", data.Path], settings);

        Assert.True(filled.ExitCode == 0, filled.Output);
        Assert.True(rebuilt.ExitCode == 0, rebuilt.Output);
        Assert.Contains("has replaced", rebuilt.Output, StringComparison.Ordinal);
        Assert.True(after.ExitCode == 0, after.Output);
    }

    [Fact]
    public async Task A_mapping_that_differs_is_named_field_by_field_in_health_and_the_pipeline_runs()
    {
        using var data = new TemporaryFolder();
        await using var elasticsearch = await TestServer.ElasticsearchAsync();
        using var server = new HttpClient { BaseAddress = new Uri(elasticsearch.Address) };
        await server.PutAsJsonAsync("/click_events", new { mappings = new { properties = new { url = new { type = "text" } } } });
        await using var silo = await SiloProcess.RunAsync(["--rate", "200", "--data", data.Path], Settings(elasticsearch));

        await silo.WaitForStatusAsync(status => status.Total("folded") > 0, PipelineTestExtensions.Timeout);
        var ready = await silo.Http.GetAsync("/health/ready");

        var reasons = await ready.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("url", reasons, StringComparison.Ordinal);
        Assert.Contains("text", reasons, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Settings(TestServer elasticsearch) =>
        new() { ["ConnectionStrings__elasticsearch"] = elasticsearch.Address };

    private static Dictionary<string, string> WithData(Dictionary<string, string> settings, TemporaryFolder data) =>
        new(settings) { ["ClickOrleans__Data"] = data.Path };

    private static bool IsAtRest(JsonElement status) => status.IsCaughtUp() && status.Total("rollups") > 0;
}
