using ClickOrleans.Elasticsearch.Indices;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Indexing;
using ClickOrleans.Conformance.Index;
using ClickOrleans.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Elasticsearch.Tests;

public abstract class RebuildTests(ElasticsearchServer server) : IAsyncLifetime
{
    private const int Pages = 3000;

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

    [Fact]
    public async Task A_rebuild_swaps_a_new_index_with_the_mapping_of_the_file_for_the_old_one()
    {
        await server.SendAsync(
            HttpMethod.Put, $"{Name}-000001", $$"""{"aliases":{"{{Name}}":{ } },"mappings":{"dynamic":"false"} }""");
        await RunIndexerAsync();
        Assert.NotEmpty(_index.MappingDifferences);

        var result = await RebuildAsync();

        Assert.Equal(new RebuildResult($"{Name}-000001", $"{Name}-000002", Pages, 0), result);
        Assert.Empty(await _index.CompareMappingAsync(Token));
        await AssertOneCompleteIndexAsync($"{Name}-000002");
    }

    [Fact]
    public async Task A_rebuild_turns_an_index_of_the_very_name_into_one_behind_the_alias()
    {
        await server.SendAsync(HttpMethod.Put, Name, """{"mappings":{"dynamic":"false"} }""");
        await RunIndexerAsync();

        await RebuildAsync();

        await AssertOneCompleteIndexAsync($"{Name}-000001");
    }

    [Fact]
    public async Task A_rebuild_of_no_index_makes_one()
    {
        await RebuildAsync();

        await AssertOneCompleteIndexAsync($"{Name}-000002");
    }

    [Fact]
    public async Task Search_finds_every_document_throughout_a_rebuild()
    {
        await RunIndexerAsync();
        await _index.CountAsync(Token);
        var searches = 0;
        var rebuild = RebuildAsync();
        while (!rebuild.IsCompleted)
        {
            Assert.Equal(Pages, (await _index.SearchAsync("shop", 10_000, Token)).Count);
            searches++;
        }

        await rebuild;
        Assert.True(searches > 0);
        Assert.Equal(Pages, (await _index.SearchAsync("shop", 10_000, Token)).Count);
    }

    [Fact]
    public async Task What_is_indexed_during_a_rebuild_is_in_the_new_index()
    {
        await RunIndexerAsync();
        var progress = new Progress(written =>
        {
            // In the middle: half of the pages change, and indexing goes on into the old index.
            if (written == 1000)
            {
                _rollups.Click(rollup => rollup.PageId % 2 == 0);
                RunIndexerAsync().GetAwaiter().GetResult();
            }
        });

        var result = await RebuildAsync(progress);

        Assert.Equal(Pages, result.Documents);
        await AssertOneCompleteIndexAsync($"{Name}-000002");
    }

    [Fact]
    public async Task Of_two_rebuilds_at_once_one_gives_way_and_says_so()
    {
        await RunIndexerAsync();
        RebuildResult? other = null;
        var progress = new Progress(written =>
        {
            if (written == 1000)
            {
                other = RebuildAsync().GetAwaiter().GetResult();
            }
        });

        var gaveWay = await Assert.ThrowsAsync<IndexSetupException>(() => RebuildAsync(progress));

        Assert.StartsWith($"Another rebuild of {Name} is at work", gaveWay.Message, StringComparison.Ordinal);
        await AssertOneCompleteIndexAsync(other!.New);
    }

    [Fact]
    public async Task After_a_rebuild_the_indexer_sends_all_once_more_and_then_nothing()
    {
        await RunIndexerAsync();
        await RebuildAsync();

        Assert.Equal(new IndexRun(Pages, Pages, 0, null), await RunIndexerAsync());
        Assert.Equal(new IndexRun(0, 0, 0, null), await RunIndexerAsync());
        await AssertOneCompleteIndexAsync($"{Name}-000002");
    }

    [Fact]
    public async Task A_rebuild_cut_short_leaves_the_old_index_serving_and_the_next_one_cleans_up()
    {
        await RunIndexerAsync();
        using var cancel = new CancellationTokenSource();
        var progress = new Progress(written => cancel.Cancel());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RebuildAsync(progress, cancel.Token));
        await AssertCompleteAsync();
        Assert.Equal(2, (await server.SendAsync(HttpMethod.Get, $"{Name}-*")).EnumerateObject().Count());
        await server.SendAsync(HttpMethod.Put, $"{Name}-000009", "{}");

        await RebuildAsync();

        // An index that no rebuild made is nobody's leftover.
        Assert.Equal(
            [$"{Name}-000009", $"{Name}-000010"],
            (await server.SendAsync(HttpMethod.Get, $"{Name}-*"))
                .EnumerateObject()
                .Select(index => index.Name)
                .Order(StringComparer.Ordinal));
        await AssertCompleteAsync();
    }

    [Fact]
    public async Task A_building_index_deleted_behind_its_back_is_not_made_without_the_mapping()
    {
        await RunIndexerAsync();
        var progress = new Progress(written => server.SendAsync(HttpMethod.Delete, $"{Name}-000002").GetAwaiter().GetResult());

        await Assert.ThrowsAnyAsync<Exception>(() => RebuildAsync(progress));

        await AssertOneCompleteIndexAsync($"{Name}-000001");
    }

    private async Task<RebuildResult> RebuildAsync(IProgress<long>? progress = null, CancellationToken? token = null) =>
        await ElasticsearchServer.Rebuild(await server.AddressAsync(), _options, _rollups).RunAsync(progress, token ?? Token);

    private Task<IndexRun> RunIndexerAsync() =>
        new Indexer(_rollups, _index, new IndexerOptions(), StageContexts.System, NullLogger<Indexer>.Instance).IndexAsync(Token);

    private async Task AssertOneCompleteIndexAsync(string name)
    {
        var indices = await server.SendAsync(HttpMethod.Get, $"{Name}-*");
        var index = Assert.Single(indices.EnumerateObject());
        Assert.Equal(name, index.Name);
        Assert.Equal(Name, Assert.Single(index.Value.GetProperty("aliases").EnumerateObject()).Name);
        await AssertCompleteAsync();
    }

    private async Task AssertCompleteAsync()
    {
        var versions = new Dictionary<string, long>();
        await foreach (var document in _index.ScanAsync(Token))
        {
            versions.Add(document.Url, document.Version);
        }

        Assert.Equal(_rollups.All.ToDictionary(rollup => rollup.Url, rollup => rollup.Version), versions);
    }

    private sealed class Progress(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}
