using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Indexing;
using ClickOrleans.Conformance.Index;
using ClickOrleans.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Elasticsearch.Tests;

/// <summary>On a server of its own, killed while bulks are on their way.</summary>
public abstract class KillTests(ElasticsearchServer version)
{
    private const int Pages = 5_000;
    private static readonly int Kills = Environment.GetEnvironmentVariable("CI") == "true" ? 3 : 10;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_killed_in_the_middle_of_bulks_ends_with_every_document_once_in_its_newest_version()
    {
        await using var server = await version.StartNewAsync();
        var rollups = new InMemoryRollupStore();
        rollups.Fill(Pages);
        await using var index = ElasticsearchServer.Index(server.Address, new ElasticsearchOptions());
        var options = new IndexerOptions
        {
            FirstBatch = 250,
            LargestBatch = 250,
            Timeout = TimeSpan.FromSeconds(1),
            FirstPause = TimeSpan.FromMilliseconds(50),
        };
        var indexer = new Indexer(rollups, index, options, StageContexts.System, NullLogger<Indexer>.Instance);
        var random = new Random(6);

        for (var kill = 1; kill <= Kills; kill++)
        {
            // Every page changes again and again, and the kill comes whenever the system has it come, with bulks on their way.
            var (bulks, at) = (0, random.Next(1, 20));
            Task? killing = null;
            rollups.Marking = _ =>
            {
                if (++bulks == at)
                {
                    killing = Task.Run(server.KillAsync, Token);
                }
            };
            string? error;
            do
            {
                rollups.Click(_ => true);
                error = (await indexer.IndexAsync(Token)).Error;
            }
            while (killing is null || error is null);

            await killing;
            await server.StartAsync();
        }

        rollups.Marking = null;
        IndexRun last;
        do
        {
            last = await indexer.IndexAsync(Token);
        }
        while (last.Error is not null);

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
