using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Indexing;
using ClickOrleans.Testing.IndexConformance;
using ClickOrleans.Testing.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Elasticsearch.Tests;

/// <summary>On a server of its own, killed while bulks are on their way.</summary>
public sealed class KillTests
{
    private const int Pages = 20_000;
    private static readonly int Kills = Environment.GetEnvironmentVariable("CI") == "true" ? 4 : 10;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_killed_in_the_middle_of_bulks_ends_with_every_document_once_in_its_newest_version()
    {
        await using var server = await TestServer.ElasticsearchAsync();
        var rollups = new RollupsInMemory();
        rollups.Fill(Pages);
        await using var index = ElasticsearchServer.Index(server.Address, new ElasticsearchOptions());
        var options = new IndexerOptions
        {
            FirstBatch = 500,
            LargestBatch = 500,
            Patience = TimeSpan.FromSeconds(1),
            FirstPause = TimeSpan.FromMilliseconds(50),
        };
        var indexer = new Indexer(rollups, index, options, TimeProvider.System, NullLogger<Indexer>.Instance);
        var random = new Random(6);
        var interrupted = 0;

        for (var kill = 1; kill <= Kills; kill++)
        {
            // Every page changes each time, and the kill comes after some of the bulks, while the next one is on its way.
            rollups.Click(_ => true);
            var (bulks, at, killing) = (0, random.Next(1, 20), Task.CompletedTask);
            rollups.Marking = _ =>
            {
                if (++bulks == at)
                {
                    killing = Task.Run(server.KillAsync, Token);
                }
            };
            var run = await indexer.IndexAsync(Token);
            await killing;
            interrupted += run.Error is null ? 0 : 1;
            await server.StartAsync();
        }

        rollups.Marking = null;
        IndexRun last;
        do
        {
            last = await indexer.IndexAsync(Token);
        }
        while (last.Error is not null);

        Assert.Equal(Kills, interrupted);
        Assert.Equal(Pages, await index.CountAsync(Token));
        var expected = rollups.All.Select(IndexDocument.From).ToDictionary(document => document.Id);
        await foreach (var document in index.ScanAsync(Token))
        {
            Assert.True(expected.Remove(document.Id, out var rollup));
            Assert.Equal(rollup, document);
        }

        Assert.Empty(expected);
        Assert.Empty(await rollups.GetRejectedAsync(1, Token));
    }
}
