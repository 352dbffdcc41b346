using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ClickOrleans.AppHost.Servers;
using ClickOrleans.Dashboard.Tests.Browsing;
using ClickOrleans.Testing;
using ClickOrleans.Testing.Pipelines;
using ClickOrleans.Testing.Servers;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Playwright;

namespace ClickOrleans.AppHost.Tests;

/// <summary>Three silos on real servers that are given by their connection strings, with the Aspire dashboard.</summary>
public sealed class GivenServersTests(Chromium chromium, ITestOutputHelper output)
{
    private static readonly string[] Stages = ["clickstream publish", "clickstream process", "fold", "index bulk"];

    [Fact]
    public async Task Three_silos_store_clicks_share_a_trace_obey_every_command_and_verify()
    {
        await using var kafka = await TestServer.KafkaAsync();
        await using var postgres = await TestServer.PostgresAsync("fsync=off");
        await using var elasticsearch = await TestServer.ElasticsearchAsync();
        await AssertHealthAsync(HealthStatus.Healthy, kafka, elasticsearch);
        await using var builder = await AppHostBuilder.CreateWithDashboardAsync(
            $"ConnectionStrings:kafka={kafka.Address}",
            $"ConnectionStrings:clickstream={postgres.Address}",
            $"ConnectionStrings:elasticsearch={elasticsearch.Address}");
        builder.CreateResourceBuilder(builder.Resources.OfType<ProjectResource>().Single())
            .WithEnvironment("ClickOrleans__Producers__RatePerSecond", "100");
        await using var pipeline = await RunningPipeline.StartAsync(builder);
        await pipeline.WaitForStatusAsync(
            status => ActiveSilos(status) == 3 && ConsumingSilos(status) == 3 && status.Total("stored") > 100);

        await SeeTraceAsync(pipeline);

        await pipeline.SucceedAsync("pause");
        await pipeline.SucceedAsync("resume");
        await pipeline.PutAsync("/api/producers", new { count = 0 });
        await pipeline.WaitForStatusAsync(status => status.Total("lag") == 0);
        await pipeline.SucceedAsync("run-aggregation");
        await pipeline.WaitForStatusAsync(PipelineTestExtensions.IsCaughtUp);
        var report = await pipeline.SucceedAsync("verify");
        Assert.Contains("verified  nothing lost, nothing doubled", report, StringComparison.Ordinal);

        var stop = await pipeline.StopAsync();
        output.WriteLine($"stopped after {stop.TotalSeconds:0.0} s");
        await Task.WhenAll(elasticsearch.KillAsync(), kafka.KillAsync());
        await AssertHealthAsync(HealthStatus.Unhealthy, kafka, elasticsearch);
    }

    /// <summary>A click's whole way is one trace over all three silos; a picture of it is taken for the README.</summary>
    private async Task SeeTraceAsync(RunningPipeline pipeline)
    {
        using var dashboard = new HttpClient { BaseAddress = new Uri(await DashboardAsync(pipeline)) };
        IReadOnlyList<TracedSpan> spans = [];
        IGrouping<string, TracedSpan>? trace = null;
        await Poll.UntilAsync(
            async () =>
            {
                spans = await TracedSpan.ReadAsync(dashboard, "/api/telemetry/spans?limit=5000");
                trace = spans.GroupBy(span => span.Trace).FirstOrDefault(IsWhole);
                return trace is not null;
            },
            () => $"None of {spans.Count} spans is of a trace over three silos with {string.Join(", ", Stages)}.");
        output.WriteLine($"{trace!.Count()} spans of three silos in trace {trace!.Key}");

        await using var visitor = await chromium.OpenSessionAsync(dashboard.BaseAddress!.ToString(), height: 800);
        await visitor.Page.GotoAsync($"/traces/detail/{trace.Key}");
        await Assertions.Expect(visitor.Page.GetByText("index bulk").First).ToBeVisibleAsync();
        await visitor.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Artifacts(), "trace.png") });
    }

    private static bool IsWhole(IEnumerable<TracedSpan> trace) =>
        Stages.All(name => trace.Any(span => span.Name == name)) && trace.Select(span => span.Silo).Distinct().Count() == 3;

    private static async Task<string> DashboardAsync(RunningPipeline pipeline)
    {
        var started = await pipeline.App.ResourceNotifications.WaitForResourceAsync(
            "aspire-dashboard", found => found.Snapshot.Urls.Any(IsHttp));
        return new Uri(started.Snapshot.Urls.First(IsHttp).Url).GetLeftPart(UriPartial.Authority);

        // Not the endpoint that takes telemetry, which is HTTP/2, too.
        static bool IsHttp(UrlSnapshot url) => url.Name == "http";
    }

    private static async Task AssertHealthAsync(HealthStatus expected, TestServer kafka, TestServer elasticsearch)
    {
        foreach (IHealthCheck check in new IHealthCheck[]
        {
            new KafkaHealthCheck(_ => new ValueTask<string?>(kafka.Address)),
            new ElasticsearchHealthCheck(_ => new ValueTask<string?>(elasticsearch.Address)),
        })
        {
            var registration = new HealthCheckRegistration("server", check, failureStatus: null, tags: null);
            var context = new HealthCheckContext { Registration = registration };
            var result = await check.CheckHealthAsync(context, TestContext.Current.CancellationToken);
            Assert.True(result.Status == expected, $"{check.GetType().Name}: {result.Status} {result.Description}");
        }
    }

    private static int ConsumingSilos(JsonElement status) => status.Partitions()
        .Select(partition => partition.GetProperty("silo").GetString())
        .Distinct()
        .Count(silo => silo is not null);

    private static int ActiveSilos(JsonElement status) => status.GetProperty("silos").EnumerateArray()
        .Count(silo => silo.GetProperty("status").GetString() == "active");

    private static string Artifacts()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "ClickOrleans.sln")))
        {
            root = root.Parent;
        }

        return Directory.CreateDirectory(Path.Combine(root.FullName, "artifacts", "aspire")).FullName;
    }
}
