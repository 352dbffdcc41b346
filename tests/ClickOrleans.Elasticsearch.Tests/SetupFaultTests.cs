using ClickOrleans.Conformance.Index;
using ClickOrleans.Elasticsearch.Indices;
using ClickOrleans.Pipeline.Indexing;
using ClickOrleans.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Elasticsearch.Tests;

/// <summary>An index that is set up wrongly refuses no document: what waited is sent when it is corrected.</summary>
public abstract class SetupFaultTests(ElasticsearchServer server) : IAsyncLifetime
{
    private const int Pages = 300;

    private readonly ElasticsearchOptions _options = new() { Index = server.NewName() };
    private readonly InMemoryRollupStore _rollups = new();
    private ElasticsearchIndex _index = null!;

    private string Name => _options.Index;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _index = ElasticsearchServer.Index(await server.AddressAsync(), _options);
        _rollups.Fill(Pages);
    }

    public ValueTask DisposeAsync() => _index.DisposeAsync();

    [Theory]
    [InlineData("index.default_pipeline")]
    [InlineData("index.final_pipeline")]
    public async Task A_pipeline_that_is_missing(string setting)
    {
        await InTheMiddleAsync(
            () => SetAsync(setting, "\"missing\""), "pipeline with id [missing]", () => SetAsync(setting, "null"));
    }

    [Fact]
    public Task A_closed_index() => InTheMiddleAsync(
        () => server.SendAsync(HttpMethod.Post, $"{Name}-000001/_close"),
        "closed",
        () => server.SendAsync(HttpMethod.Post, $"{Name}-000001/_open"));

    [Fact]
    public async Task A_mapping_that_takes_no_document()
    {
        await server.SendAsync(
            HttpMethod.Put,
            $"{Name}-000001",
            $$"""{"aliases":{"{{Name}}":{ } },"mappings":{"properties":{"country":{"type":"long"} } } }""");

        var run = await IndexAsync();

        Assert.Contains("refuses every document", run.Error, StringComparison.Ordinal);
        Assert.Empty(await _rollups.GetRejectedAsync(10, Token));
        await server.SendAsync(HttpMethod.Delete, $"{Name}-000001");
        Assert.Equal((Pages, null), (await IndexAsync()) is var next ? (next.Acknowledged, next.Error) : default);
    }

    [Fact]
    public async Task A_rebuild_does_not_swap_in_an_index_that_takes_no_document()
    {
        await IndexAsync();
        await server.SendAsync(
            HttpMethod.Put,
            $"_index_template/{Name}",
            $$"""{"index_patterns":["{{Name}}-*"],"template":{"settings":{"index.final_pipeline":"missing"} } }""");

        var rebuild = ElasticsearchServer.Rebuild(await server.AddressAsync(), _options, _rollups);

        await Assert.ThrowsAsync<Pipeline.Index.IndexSetupException>(() => rebuild.RunAsync(null, Token));
        await server.SendAsync(HttpMethod.Delete, $"_index_template/{Name}");
        Assert.Equal(Pages, await _index.CountAsync(Token));
    }

    private async Task InTheMiddleAsync(Func<Task> breakIt, string said, Func<Task> mend)
    {
        var batches = 0;
        _rollups.Marking = _ =>
        {
            if (++batches == 2)
            {
                breakIt().GetAwaiter().GetResult();
            }
        };

        var broken = await IndexAsync();
        var still = await IndexAsync();

        Assert.Contains(said, broken.Error, StringComparison.Ordinal);
        Assert.Contains(said, still.Error, StringComparison.Ordinal);
        Assert.Empty(await _rollups.GetRejectedAsync(10, Token));
        await mend();
        Assert.Equal((Pages - 100, null), (await IndexAsync()) is var run ? (run.Acknowledged, run.Error) : default);
        Assert.Equal(Pages, await _index.CountAsync(Token));
    }

    private Task<System.Text.Json.JsonElement> SetAsync(string setting, string value) =>
        server.SendAsync(HttpMethod.Put, $"{Name}/_settings", $$"""{"{{setting}}":{{value}}}""");

    private Task<IndexRun> IndexAsync() => new Indexer(
        _rollups,
        _index,
        new IndexerOptions { FirstBatch = 50, LargestBatch = 50, FirstPause = TimeSpan.FromMilliseconds(20) },
        StageContexts.System,
        NullLogger<Indexer>.Instance).IndexAsync(Token);
}
