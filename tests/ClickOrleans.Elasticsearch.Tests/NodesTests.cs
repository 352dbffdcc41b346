using ClickOrleans.Elasticsearch.Tests.Faults;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Indexing;
using ClickOrleans.Conformance.Index;
using ClickOrleans.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Elasticsearch.Tests;

/// <summary>Several nodes in the connection string: one of them away is not an outage.</summary>
public sealed class NodesTests(Elasticsearch9Server server)
{
    private const int Pages = 5_000;

    private readonly ElasticsearchOptions _options = new() { Index = server.NewName(), BulkDocuments = 100 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_one_address_closed_every_request_succeeds()
    {
        var closed = $"http://127.0.0.1:{LoopbackServer.FreePort()}";
        await using var index = ElasticsearchServer.Index($"{closed},{await server.AddressAsync()}", _options);

        await index.OpenAsync(Token);
        for (var i = 0; i < 10; i++)
        {
            var answer = Assert.Single(await index.UpsertAsync([SampleDocuments.Of($"/{i}", "DE")], Token));
            Assert.Equal(IndexOutcome.Indexed, answer.Outcome);
            Assert.Equal(i + 1, await index.CountAsync(Token));
        }
    }

    [Fact]
    public async Task A_node_killed_while_documents_are_sent_delays_none_of_them_to_a_later_run()
    {
        var target = new Uri(await server.AddressAsync());
        await using var first = new TcpProxy(target);
        await using var second = new TcpProxy(target);
        var rollups = new InMemoryRollupStore();
        rollups.Fill(Pages);
        var batches = 0;
        Task? killing = null;
        rollups.Marking = _ =>
        {
            if (++batches == 5)
            {
                killing = Task.Run(first.KillAsync, Token);
            }
        };
        await using var index = ElasticsearchServer.Index($"{first.Address},{second.Address}", _options);
        var indexing = new IndexerOptions { FirstBatch = 250, LargestBatch = 250, FirstPause = TimeSpan.FromMilliseconds(20) };

        var indexer = new Indexer(rollups, index, indexing, StageContexts.System, NullLogger<Indexer>.Instance);
        var run = await indexer.IndexAsync(Token);

        Assert.NotNull(killing);
        await killing;
        Assert.Equal((null, Pages, 0), (run.Error, run.Acknowledged, run.Rejected));
        Assert.True(first.Accepted > 0 && second.Accepted > 0, $"{first.Accepted} and {second.Accepted} connections");
        Assert.Equal(Pages, await index.CountAsync(Token));
    }

    [Fact]
    public async Task A_node_that_never_answers_leaves_time_for_the_other()
    {
        var forever = new TaskCompletionSource();
        await using var silent = LoopbackServer.Start(async context =>
        {
            await forever.Task;
            context.Response.Abort();
        });
        _options.RequestTimeout = TimeSpan.FromSeconds(10);
        await using var index = ElasticsearchServer.Index($"{silent.Address},{await server.AddressAsync()}", _options);

        try
        {
            // The nodes take turns.
            Assert.NotEmpty(await index.OpenAsync(Token));
            Assert.NotEmpty(await index.OpenAsync(Token));
        }
        finally
        {
            forever.SetResult();
        }
    }

    [Fact]
    public async Task With_every_address_closed_it_is_an_outage_that_names_them()
    {
        var nodes = $"http://127.0.0.1:{LoopbackServer.FreePort()},http://127.0.0.1:{LoopbackServer.FreePort()}";
        await using var index = ElasticsearchServer.Index(nodes, _options);

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => index.OpenAsync(Token));

        Assert.IsType<HttpRequestException>(exception);
        var named = nodes.Replace(",", "/,", StringComparison.Ordinal) + "/";
        Assert.Equal($"Elasticsearch index {_options.Index} at {named}", index.Description);
    }
}
