using ClickOrleans.Pipeline.Indexing;
using ClickOrleans.Conformance.Index;
using ClickOrleans.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Elasticsearch.Tests;

public sealed class LargeIndexTests(Elasticsearch9Server server)
{
    private const int Pages = 100_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hundred_thousand_rollups_are_found_again_by_the_server_s_own_count()
    {
        var options = new ElasticsearchOptions { Index = server.NewName() };
        var rollups = new InMemoryRollupStore();
        rollups.Fill(Pages);
        rollups.Click(rollup => rollup.PageId % 10 == 0);
        await using var index = ElasticsearchServer.Index(await server.AddressAsync(), options);
        var indexer = new Indexer(rollups, index, new IndexerOptions(), StageContexts.System, NullLogger<Indexer>.Instance);

        Assert.Equal(new IndexRun(Pages, Pages, 0, null), await indexer.IndexAsync(Token));

        Assert.Equal(Pages, await index.CountAsync(Token));
        var answer = await server.SendAsync(
            HttpMethod.Post,
            $"{options.Index}/_search",
            """
            {
              "size": 0, "track_total_hits": true,
              "aggs": { "clicks": { "sum": { "field": "clicks" } }, "users": { "sum": { "field": "unique_users" } },
                        "countries": { "cardinality": { "field": "country", "precision_threshold": 1000 } } }
            }
            """);
        var sums = answer.GetProperty("aggregations");
        Assert.Equal(Pages, answer.GetProperty("hits").GetProperty("total").GetProperty("value").GetInt64());
        Assert.Equal(rollups.All.Sum(rollup => rollup.Clicks), (long)sums.GetProperty("clicks").GetProperty("value").GetDouble());
        Assert.Equal(
            rollups.All.Sum(rollup => rollup.UniqueUsers),
            (long)sums.GetProperty("users").GetProperty("value").GetDouble());
        Assert.Equal(50, sums.GetProperty("countries").GetProperty("value").GetInt64());
        Assert.Equal(new IndexRun(0, 0, 0, null), await indexer.IndexAsync(Token));

        var versions = rollups.All.ToDictionary(rollup => (rollup.Url, rollup.Country), rollup => rollup.Version);
        await foreach (var document in index.ScanAsync(Token))
        {
            Assert.True(versions.Remove((document.Url, document.Country), out var version));
            Assert.Equal(version, document.Version);
        }

        Assert.Empty(versions);
    }
}
