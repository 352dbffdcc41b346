using System.Text.Json;
using Aspire.Hosting.Testing;
using ClickOrleans.Testing.Pipelines;
using ClickOrleans.Testing.Silos;
using Microsoft.Data.Sqlite;

namespace ClickOrleans.AppHost.Tests;

/// <summary>One silo on SQLite: what comes up where there is no container runtime.</summary>
public sealed class EmbeddedTests(ITestOutputHelper output)
{
    /// <summary>A stop ends within 5 s on an idle machine; with a telemetry exporter that sends again it is 12 s.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task It_gets_healthy_stores_clicks_obeys_every_command_and_stops()
    {
        using var data = new TemporaryFolder();
        await using var builder = await AppHostBuilder.CreateAsync("Servers=embedded", $"Data={data.Path}");
        await using var pipeline = await RunningPipeline.StartAsync(builder);

        await pipeline.WaitForStatusAsync(status => status.Total("stored") > 100);

        var paused = JsonSerializer.Deserialize<JsonElement>(await pipeline.SucceedAsync("pause"));
        Assert.Equal(0, paused.GetProperty("count").GetInt32());
        await pipeline.WaitForStatusAsync(status => status.Total("lag") > 0 && ConsumerCount(status) == 0);
        await pipeline.PutAsync("/api/producers", new { count = 0 });
        var resumed = JsonSerializer.Deserialize<JsonElement>(await pipeline.SucceedAsync("resume"));
        Assert.Equal(2, resumed.GetProperty("count").GetInt32());
        await pipeline.WaitForStatusAsync(status => status.Total("lag") == 0 && ConsumerCount(status) == 2);

        var run = JsonSerializer.Deserialize<JsonElement>(await pipeline.SucceedAsync("run-aggregation"));
        Assert.Equal(JsonValueKind.Null, run.GetProperty("error").ValueKind);
        await pipeline.WaitForStatusAsync(PipelineTestExtensions.IsCaughtUp);

        var report = await pipeline.SucceedAsync("verify");
        Assert.Contains("verified  nothing lost, nothing doubled", report, StringComparison.Ordinal);

        await LoseOneClickAsync(data.File("store.db"));
        var failed = await pipeline.CommandAsync("verify");
        Assert.False(failed.Success);
        Assert.StartsWith("Exit code 1: ", failed.Message, StringComparison.Ordinal);
        Assert.Contains("DIFFERS ", failed.Data!.Value, StringComparison.Ordinal);

        var stop = await pipeline.StopAsync();
        output.WriteLine($"stopped after {stop.TotalSeconds:0.0} s");
        Assert.True(stop < StopTimeout, $"The stop took {stop}.");
    }

    private static int ConsumerCount(JsonElement status) => status.GetProperty("consumers").GetProperty("count").GetInt32();

    private static async Task LoseOneClickAsync(string store)
    {
        await using var connection = new SqliteConnection($"Data Source={store};Pooling=False;Default Timeout=30");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText =
            """
            delete from clickstream_data
            where (log_id, partition, "offset") = (select log_id, partition, "offset" from clickstream_data limit 1)
            """;
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }
}
