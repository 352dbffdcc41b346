using ClickOrleans.Testing;
using ClickOrleans.Testing.Pipelines;

namespace ClickOrleans.Telemetry.Tests;

/// <summary>A single trace covers the processing of clicks from producer to index, across processes.</summary>
public sealed class OneTraceTests(SharedServers servers)
{
    [Fact]
    public async Task Clicks_are_published_processed_stored_folded_and_indexed_in_one_trace()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var pipeline = await servers.NewPipelineAsync(receiver);
        await using var silo = await pipeline.RunAsync("--producers", "0");

        var (exitCode, output) = await pipeline.CommandAsync("produce", "--count", "100");
        Assert.True(exitCode == 0, output);
        await silo.WaitForStoredAsync(100);
        using (await silo.Http.PostAsync("/api/aggregation/run", null))
        {
            await silo.WaitForStatusAsync(PipelineTestExtensions.IsCaughtUp, Poll.DefaultTimeout);
        }

        await receiver.WaitForSpansAsync(IsIndexed);
        Assert.Equal(0, await silo.InterruptAsync(TimeSpan.FromSeconds(30)));

        var publish = Assert.Single(receiver.Spans, span => span.Name == "clickstream publish");
        var trace = receiver.Spans.Where(span => span.Trace == publish.Trace).ToList();
        Assert.Equal(("producer", "", "ClickOrleans"), (publish.Kind, publish.Parent, publish.Scope));
        AssertMessaging(publish, pipeline.Topic.Name, "publish", "send");
        Assert.Equal("100", publish["messaging.batch.message_count"]);

        var processes = trace.Where(span => span.Name == "clickstream process").ToList();
        Assert.Equal(100, processes.Sum(span => int.Parse(span["messaging.batch.message_count"]!)));
        var partitions = processes.Select(span => span["messaging.destination.partition.id"]!);
        Assert.Equal(["0", "1", "2", "3"], partitions.Distinct().Order());
        Assert.All(processes, span =>
        {
            Assert.Equal(("consumer", publish.Id), (span.Kind, span.Parent));
            AssertMessaging(span, pipeline.Topic.Name, "process", "process");
        });

        // The store's transaction: one statement. Before the first one the event ids of the window are read.
        var commits = trace
            .Where(span => span.Scope == "Npgsql" && processes.Exists(process => process.Id == span.Parent))
            .Where(span => !span["db.query.text"]!.StartsWith("select \"offset\", event_id", StringComparison.Ordinal))
            .ToList();
        Assert.Equal(processes.Select(span => span.Id).Order(), commits.Select(span => span.Parent).Order());
        Assert.All(commits, span =>
        {
            Assert.Contains("insert into clickstream_data", span["db.query.text"], StringComparison.Ordinal);
            Assert.Equal(("client", "postgresql"), (span.Kind, span["db.system.name"]));
        });

        var fold = Assert.Single(trace, span => span.Name == "fold");
        var folded = processes.Select(span => span.Id).Where(id => id == fold.Parent || fold.Links.Contains(id));
        Assert.Contains(processes, process => process.Id == fold.Parent);
        Assert.Equal(4, folded.Count());
        Assert.Equal("100", fold["clickstream.clicks"]);
        Assert.Contains(trace, span => span.Scope == "Npgsql" && span.Parent == fold.Id
            && span["db.query.text"]!.Contains("insert into click_rollups", StringComparison.Ordinal));

        // The request that triggered the run is a separate, linked trace.
        var request = Assert.Single(
            receiver.Spans,
            span => span is { Kind: "server", Scope: "Microsoft.AspNetCore" }
                && span.Name.EndsWith("/aggregation/run", StringComparison.Ordinal));
        var call = Assert.Single(
            receiver.Spans, span => fold.Links.Contains(span.Id) && span.Scope == "Microsoft.Orleans.Application");
        Assert.Equal(request.Trace, call.Trace);

        var bulk = Assert.Single(trace, span => span.Name == "index bulk");
        Assert.Equal((fold.Id, "internal"), (bulk.Parent, bulk.Kind));
        Assert.Equal(("elasticsearch", "bulk"), (bulk["db.system.name"], bulk["db.operation.name"]));
        var sent = Assert.Single(trace, span => span.Parent == bulk.Id);
        Assert.Equal(("client", "ClickOrleans", $"bulk {pipeline.Topic.Name}"), (sent.Kind, sent.Scope, sent.Name));
        Assert.Equal(("elasticsearch", "bulk"), (sent["db.system.name"], sent["db.operation.name"]));
        Assert.Equal((pipeline.Topic.Name, "127.0.0.1"), (sent["db.collection.name"], sent["server.address"]));
        Assert.Equal(("200", "POST"), (sent["db.response.status_code"], sent["http.request.method"]));
        Assert.Contains("/_bulk", sent["url.full"], StringComparison.Ordinal);
        Assert.DoesNotContain(trace, span => span.Scope is "System.Net.Http" or "Elastic.Transport");

        Assert.All(receiver.Spans, span => Assert.Equal("clickorleans", span.Service));
        Assert.All(trace, span => Assert.True(
            span.Parent.Length == 0 || trace.Exists(parent => parent.Id == span.Parent), $"{span} has no parent in the trace."));
    }

    [Fact]
    public async Task Three_silos_contribute_to_the_trace_of_one_produce_command()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var pipeline = await servers.NewPipelineAsync(receiver, partitions: 6);
        await using var silos = await ThreeSiloCluster.StartAsync(pipeline);

        var (exitCode, output) = await pipeline.CommandAsync("produce", "--count", "100");
        Assert.True(exitCode == 0, output);
        await silos.First.WaitForStoredAsync(100);
        using (await silos.First.Http.PostAsync("/api/aggregation/run", null))
        {
            await silos.First.WaitForStatusAsync(PipelineTestExtensions.IsCaughtUp, Poll.DefaultTimeout);
        }

        await receiver.WaitForSpansAsync(spans => IsIndexed(spans) && spans
            .Where(span => span.Name == "clickstream process")
            .Sum(span => int.Parse(span["messaging.batch.message_count"]!)) == 100);

        var publish = Assert.Single(receiver.Spans, span => span.Name == "clickstream publish");
        var trace = receiver.Spans.Where(span => span.Trace == publish.Trace).ToList();
        var processes = trace.Where(span => span.Name == "clickstream process").ToList();
        Assert.Equal(["silo-1", "silo-2", "silo-3"], processes.Select(span => span.Service).Distinct().Order());
        Assert.All(processes, span => Assert.Equal(publish.Id, span.Parent));
        var fold = Assert.Single(trace, span => span.Name == "fold");
        Assert.Contains(processes, process => process.Id == fold.Parent);
        Assert.Equal(fold.Id, Assert.Single(trace, span => span.Name == "index bulk").Parent);
    }

    [Fact]
    public async Task Periodic_background_requests_of_silos_create_no_traces()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var pipeline = await servers.NewPipelineAsync(receiver);
        await using var silo = await pipeline.RunAsync("--producers", "0");

        // Several seconds of pings, status and reminders.
        var seen = 0;
        await Poll.UntilAsync(
            () => (seen = receiver.Metrics.Count(metric => metric.Name == "clickstream.outage")) >= 10,
            () => $"The outage gauge was exported {seen} times.");

        Assert.DoesNotContain(receiver.Spans, span => span is { Parent: "", Kind: "client" });
        Assert.DoesNotContain(
            receiver.Spans, span => span.Scope is "Npgsql" or "System.Net.Http" or "Microsoft.Orleans.Application");
    }

    /// <summary>The fold span ends after its child, the index request, and may be exported later.</summary>
    private static bool IsIndexed(IReadOnlyList<ReceivedSpan> spans) =>
        spans.Any(span => span.Name == "index bulk") && spans.Any(span => span.Name == "fold");

    private static void AssertMessaging(ReceivedSpan span, string topic, string name, string type)
    {
        Assert.Equal("kafka", span["messaging.system"]);
        Assert.Equal(topic, span["messaging.destination.name"]);
        Assert.Equal(name, span["messaging.operation.name"]);
        Assert.Equal(type, span["messaging.operation.type"]);
    }
}
