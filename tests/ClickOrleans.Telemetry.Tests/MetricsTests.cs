using System.Text.Json;
using ClickOrleans.Testing;
using ClickOrleans.Testing.Pipelines;
using ClickOrleans.Testing.Servers;

namespace ClickOrleans.Telemetry.Tests;

/// <summary>Every documented metric is exported with its unit and the expected value.</summary>
public sealed class MetricsTests(SharedServers servers)
{
    [Fact]
    public async Task Every_metric_is_exported_with_its_unit_and_value()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var pipeline = await servers.NewPipelineAsync(receiver, partitions: 1);
        pipeline
            .With("ClickOrleans:Aggregation:Paused", "false")
            .With("ClickOrleans:Aggregation:Interval", "00:00:01")
            .With("ClickOrleans:Consuming:StandDown", "00:00:20")
            .With("ClickOrleans:Producers:RatePerSecond", "50");
        await using var silo = await pipeline.RunAsync("--producers", "1");
        await silo.WaitForStoredAsync(50);
        await silo.PutAsync("/api/producers", new { count = 0 });

        // Dead letters, by reason.
        await pipeline.Topic.ProduceAsync(
            0, [(null, "no json"u8.ToArray()), (null, []), (null, "[1,2]"u8.ToArray()), (null, "[1]"u8.ToArray())]);

        // A click with an id, its repeat, and one whose id is none.
        var id = $"{Guid.NewGuid()}";
        await pipeline.Topic.ProduceAsync(0, [(null, ClickWith(id)), (null, ClickWith(id)), (null, ClickWith("7"))]);
        await silo.WaitForStatusAsync(
            status => status.Total("deadLetters") == 4 && status.Total("duplicates") == 1 && status.IsCaughtUp(),
            Poll.DefaultTimeout);
        var stored = await pipeline.Database.CountClicksAsync();

        // Another writer moves the offset: the next commit is fenced.
        await pipeline.Database.ExecuteAsync("update consumer_offsets set next_offset = next_offset + 1000");
        await pipeline.Topic.ProduceAsync(0, [(null, "refused"u8.ToArray())]);
        await WaitForValueAsync(receiver, "clickstream.fence.refusals", "partition", "0", value => value == 1);
        await WaitForValueAsync(receiver, "clickstream.lag", "partition", "0", value => value is not null);
        await pipeline.Database.ExecuteAsync("update consumer_offsets set next_offset = next_offset - 1000");

        await WaitForValueAsync(receiver, "clickstream.clicks.stored", "partition", "0", value => value == stored);
        await WaitForValueAsync(receiver, "clickstream.dead_letters", "reason", "malformed_json", value => value >= 1);
        await WaitForValueAsync(receiver, "clickstream.dead_letters", "reason", "empty", value => value == 1);
        await WaitForValueAsync(receiver, "clickstream.dead_letters", "reason", "wrong_shape", value => value == 2);
        await WaitForValueAsync(receiver, "clickstream.clicks.duplicates", "partition", "0", value => value == 1);
        await WaitForValueAsync(receiver, "clickstream.clicks.unusable_event_ids", "partition", "0", value => value == 1);
        await WaitForValueAsync(receiver, "clickstream.index.documents", "outcome", "indexed", value => value > 0);
        foreach (var (name, _, unit) in TelemetryTable.Metrics)
        {
            await Poll.UntilAsync(() => receiver.Metrics.Any(metric => metric.Name == name), () => $"{name} was not exported.");
            Assert.All(
                receiver.Metrics.Where(metric => metric.Name == name),
                metric => Assert.Equal((unit, "ClickOrleans"), (metric.Unit, metric.Scope)));
        }

        // The meters of libraries.
        Assert.All(
            ["Microsoft.Orleans", "Npgsql", "System.Net.Http", "System.Runtime"],
            scope => Assert.Contains(receiver.Metrics, metric => metric.Scope == scope));
        Assert.Contains(receiver.Metrics, metric => metric.Name == "http.server.request.duration");
    }

    [Fact]
    public async Task The_outage_gauge_is_1_for_the_unavailable_dependency_and_0_after_recovery()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var pipeline = await servers.NewPipelineAsync(receiver, partitions: 1);
        pipeline
            .With("ClickOrleans:Elasticsearch:RequestTimeout", "00:00:02")
            .With("ClickOrleans:Aggregation:Paused", "false")
            .With("ClickOrleans:Aggregation:Interval", "00:00:01");
        await using var silo = await pipeline.RunAsync("--producers", "0");
        (string Name, TestServer Server)[] dependencies =
            [("store", pipeline.Postgres), ("log", pipeline.Kafka), ("index", await servers.ElasticsearchAsync())];
        foreach (var (name, _) in dependencies)
        {
            await WaitForValueAsync(receiver, "clickstream.outage", "dependency", name, value => value == 0);
        }

        foreach (var (name, server) in dependencies)
        {
            await server.FreezeAsync();
            try
            {
                await WaitForValueAsync(receiver, "clickstream.outage", "dependency", name, value => value == 1);
                Assert.All(
                    dependencies.Where(other => other.Name != name),
                    other => Assert.Equal(0, Last(receiver, "clickstream.outage", "dependency", other.Name)));
            }
            finally
            {
                await server.ThawAsync();
            }

            await WaitForValueAsync(receiver, "clickstream.outage", "dependency", name, value => value == 0);
        }
    }

    private static byte[] ClickWith(string id) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        user_id = "u",
        timestamp = "2026-01-02T03:04:05Z",
        url = "https://example.com/",
        country = "NL",
        city = "Utrecht",
        browser = "Firefox",
        os = "Linux",
        device = "desktop",
        event_id = id,
    });

    private static double? Last(OtlpReceiver receiver, string metric, string tag, string value) =>
        receiver.Metrics
            .LastOrDefault(received => received.Name == metric && received.Value(tag, value) is not null)?
            .Value(tag, value);

    private static Task WaitForValueAsync(
        OtlpReceiver receiver, string metric, string tag, string value, Func<double?, bool> expected) =>
        Poll.UntilAsync(
            () => expected(Last(receiver, metric, tag, value)),
            () => $"Last value of {metric} {{{tag}={value}}}: {Last(receiver, metric, tag, value)?.ToString() ?? "none"}");
}
