using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Indexing;
using ClickOrleans.Conformance.Index;
using ClickOrleans.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Elasticsearch.Tests.Faults;

public abstract class MisbehavingProxyTests(ElasticsearchServer server)
{
    private const int Pages = 3_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_arrives_through_a_misbehaving_proxy_and_nothing_acknowledged_is_sent_again()
    {
        await using var proxy = new MisbehavingProxy(await server.AddressAsync());
        var rollups = new InMemoryRollupStore();
        rollups.Fill(Pages);
        // Small bulks: one batch of the indexer takes several, and one of them failing must not undo the others.
        var options = new ElasticsearchOptions { Index = server.NewName(), BulkDocuments = 100 };
        await using var index = ElasticsearchServer.Index(proxy.Address, options);
        var indexing = new IndexerOptions
        {
            FirstBatch = 250,
            LargestBatch = 250,
            FirstPause = TimeSpan.FromMilliseconds(1),
            LongestPause = TimeSpan.FromMilliseconds(20),
            Timeout = TimeSpan.FromMinutes(2),
        };

        var run = await new Indexer(rollups, index, indexing, StageContexts.System, NullLogger<Indexer>.Instance)
            .IndexAsync(Token);

        Assert.Equal((null, Pages, 0), (run.Error, run.Acknowledged, run.Rejected));
        Assert.Empty(proxy.SentAgain);
        Assert.Equal(
            ["429", "503", "broken before the answer", "broken in the middle of the answer", "delayed", "items pushed back"],
            proxy.Done.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Pages, await index.CountAsync(Token));
        var expected = rollups.All.Select(IndexDocument.From).ToDictionary(document => document.Id);
        await foreach (var document in index.ScanAsync(Token))
        {
            Assert.True(expected.Remove(document.Id, out var rollup));
            Assert.Equal(rollup, document);
        }

        Assert.Empty(expected);
    }
}
