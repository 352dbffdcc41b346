using System.Collections.Concurrent;
using System.Diagnostics;
using ClickOrleans.Pipeline.Telemetry;
using ClickOrleans.Conformance.Index;

namespace ClickOrleans.Elasticsearch.Tests;

/// <summary>One client span for each request, by the semantic conventions for databases, and none of the HTTP client.</summary>
public sealed class SpanTests(Elasticsearch9Server server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_request_has_one_client_span_that_says_what_it_does_where()
    {
        var options = new ElasticsearchOptions { Index = server.NewName() };
        var address = new Uri(await server.AddressAsync());
        var trace = ActivityTraceId.CreateRandom();
        var spans = new ConcurrentQueue<Activity>();
        using var listener = Listen(trace, spans);
        using var parent = new Activity("test");
        parent.SetParentId(trace, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded).Start();
        await using var index = ElasticsearchServer.Index($"http://elastic:s3cret@{address.Authority}", options);

        await index.OpenAsync(Token);
        await index.UpsertAsync([SampleDocuments.Of("/a", "DE"), SampleDocuments.Of("/b", "DE")], Token);
        await index.CountAsync(Token);
        await index.SearchAsync("a", 10, Token);
        await index.GetAsync(["none"], Token);

        Assert.Equal(
            [
                $"indices.get {options.Index}",
                $"indices.get {options.Index}-*",
                $"indices.create {options.Index}-000001",
                $"indices.get {options.Index}",
                $"bulk {options.Index}",
                $"indices.refresh {options.Index}",
                $"count {options.Index}",
                $"search {options.Index}",
                $"mget {options.Index}",
            ],
            spans.Select(span => span.DisplayName));
        Assert.All(spans, span =>
        {
            Assert.Equal((ActivityKind.Client, ClickTelemetry.Name), (span.Kind, span.Source.Name));
            Assert.Equal(parent.SpanId, span.ParentSpanId);
            Assert.Equal("elasticsearch", span.GetTagItem("db.system.name"));
            Assert.Equal(span.DisplayName, $"{span.GetTagItem("db.operation.name")} {span.GetTagItem("db.collection.name")}");
            Assert.Equal((address.Host, address.Port), (span.GetTagItem("server.address"), span.GetTagItem("server.port")));
            Assert.DoesNotContain("s3cret", string.Concat(span.TagObjects), StringComparison.Ordinal);
        });
        var bulk = spans.ElementAt(4);
        Assert.Equal("200", bulk.GetTagItem("db.response.status_code"));
        Assert.Equal(2, bulk.GetTagItem("db.operation.batch.size"));
        Assert.Equal("POST", bulk.GetTagItem("http.request.method"));
        var missing = spans.First();
        Assert.Equal("404", missing.GetTagItem("db.response.status_code"));
        Assert.Equal(("404", ActivityStatusCode.Error), (missing.GetTagItem("error.type"), missing.Status));
    }

    [Fact]
    public async Task A_request_carries_the_trace_of_its_span_and_without_an_answer_the_span_names_the_exception()
    {
        var trace = ActivityTraceId.CreateRandom();
        var spans = new ConcurrentQueue<Activity>();
        using var listener = Listen(trace, spans);
        using var parent = new Activity("test");
        parent.SetParentId(trace, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded).Start();
        string? header = null;
        await using var loopback = Faults.LoopbackServer.Start(context =>
        {
            header = context.Request.Headers["traceparent"];
            context.Response.Abort();
            return Task.CompletedTask;
        });
        await using var index = ElasticsearchServer.Index(loopback.Address, new ElasticsearchOptions());

        await Assert.ThrowsAnyAsync<Exception>(() => index.OpenAsync(Token));

        var last = spans.Last();
        Assert.Equal($"00-{trace}-{last.SpanId}-01", header);
        Assert.Equal(typeof(HttpRequestException).FullName, last.GetTagItem("error.type"));
    }

    /// <summary>All sources there are, of this trace.</summary>
    private static ActivityListener Listen(ActivityTraceId trace, ConcurrentQueue<Activity> spans)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is ClickTelemetry.Name or "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> creation) =>
                creation.TraceId == trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                if (span.TraceId == trace)
                {
                    spans.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
