using System.Globalization;
using System.Text;
using ClickOrleans.Conformance.Index;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Indexing;
using ClickOrleans.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Elasticsearch.Tests;

/// <summary>An index that is altered past the pipeline: nobody clicks, and its documents become right again.</summary>
public abstract class AlteredIndexTests(ElasticsearchServer server)
{
    private const int Documents = 300;

    private readonly ElasticsearchOptions _options = new() { Index = server.NewName() };
    private readonly InMemoryRollupStore _rollups = new();

    private string Name => _options.Index;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Documents_deleted_altered_added_and_given_a_version_from_the_future_are_repaired()
    {
        await using var index = await FillAsync();
        await server.SendAsync(HttpMethod.Put, $"{Name}/_settings", """{"index":{"gc_deletes":"1s"}}""");
        var body = new StringBuilder();
        foreach (var rollup in _rollups.All)
        {
            var id = DocumentId.Of(rollup.Url, rollup.Country);
            var line = (rollup.PageId % 5) switch
            {
                0 => $$$"""{"delete":{"_id":"{{{id}}}"}}""",
                1 => Write(id, rollup.Version, rollup.Url),
                2 => Write(id, version: 1_000_000_000_000_000, rollup.Url),
                3 => Write(id, version: long.MaxValue, rollup.Url),
                _ => Write($"{rollup.PageId:x32}", version: null, $"/stray/{rollup.PageId}"),
            };
            body.Append(CultureInfo.InvariantCulture, $"{line}\n");
        }

        await server.SendAsync(HttpMethod.Post, $"{Name}/_bulk?refresh=true", body.ToString());

        await AssertRepairedAsync(index);
    }

    [Fact]
    public async Task An_alias_that_is_moved_to_an_empty_index_and_back_has_every_document_each_time()
    {
        await using var index = await FillAsync();
        await MoveAliasAsync($"{Name}-000001", $"{Name}-other");
        _rollups.Click(rollup => rollup.PageId % 2 == 0);
        Assert.Null((await Indexer(index).IndexAsync(Token)).Error);
        Assert.Equal(Documents, await index.CountAsync(Token));

        await MoveAliasAsync($"{Name}-other", $"{Name}-000001");
        Assert.Null((await Indexer(index).IndexAsync(Token)).Error);

        await AssertRightAsync(index);
    }

    [Theory]
    [InlineData("""{"sequence":"x"}""")]
    [InlineData("""{"sequence":9223372036854775807,"token":"3f2504e0-4f89-11d3-9a0c-0305e82c3301","epoch":2}""")]
    [InlineData("""{"sequence":7,"token":"3f2504e0-4f89-11d3-9a0c-0305e82c3301","epoch":9223372036854775807}""")]
    public async Task A_state_written_by_hand_is_replaced_and_nothing_is_lost(string state)
    {
        await using var index = await FillAsync();
        await server.SendAsync(HttpMethod.Delete, $"{Name}_state");
        await server.SendAsync(HttpMethod.Put, $"{Name}_state", """{"mappings":{"enabled":false}}""");
        await server.SendAsync(HttpMethod.Put, $"{Name}_state/_doc/state", state);

        for (var run = 0; run < 3; run++)
        {
            Assert.Null((await Indexer(index).IndexAsync(Token)).Error);
        }

        var before = await index.ReadStateAsync(Token);
        Assert.Equal(new IndexRun(0, 0, 0, null), await Indexer(index).IndexAsync(Token));
        Assert.NotNull(before);
        Assert.Equal(before, await index.ReadStateAsync(Token));
        await AssertRightAsync(index);
    }

    private static string Write(string id, long? version, string url)
    {
        var metadata = version is null ? "" : $",\"version\":{version},\"version_type\":\"external_gte\"";
        return $$$"""{"index":{"_id":"{{{id}}}"{{{metadata}}}}}""" + "\n" + $$"""
            {"url":"{{url}}","country":"altered","clicks":7,"unique_users":1,"average_time":"00:00:01","average_time_seconds":1,
            "first_click":"2026-01-01T00:00:00Z","last_click":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z"}
            """.ReplaceLineEndings("");
    }

    private static Indexer Indexer(InMemoryRollupStore rollups, ElasticsearchIndex index) =>
        new(rollups, index, new IndexerOptions(), StageContexts.System, NullLogger<Indexer>.Instance);

    private Indexer Indexer(ElasticsearchIndex index) => Indexer(_rollups, index);

    private async Task<ElasticsearchIndex> FillAsync()
    {
        _rollups.Fill(Documents);
        var index = ElasticsearchServer.Index(await server.AddressAsync(), _options);
        Assert.Equal(new IndexRun(Documents, Documents, 0, null), await Indexer(index).IndexAsync(Token));
        return index;
    }

    private async Task MoveAliasAsync(string from, string to)
    {
        if (to.EndsWith("other", StringComparison.Ordinal))
        {
            var made = await server.SendAsync(HttpMethod.Get, from);
            await server.SendAsync(HttpMethod.Put, to, $$"""{"mappings":{{made.GetProperty(from).GetProperty("mappings")}}}""");
        }

        await server.SendAsync(HttpMethod.Post, "_aliases", $$"""
            {"actions":[
                {"remove":{"index":"{{from}}","alias":"{{Name}}"} },
                {"add":{"index":"{{to}}","alias":"{{Name}}"} }]}
            """);
    }

    /// <summary>The sweep finds it, runs repair it.</summary>
    private async Task AssertRepairedAsync(ElasticsearchIndex index)
    {
        var options = new SweepOptions { DocumentsPerSecond = 10_000, Period = TimeSpan.FromSeconds(1) };
        var sweep = new IndexSweep(_rollups, index, options, StageContexts.System, NullLogger<IndexSweep>.Instance);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var sweeping = sweep.RunAsync(() => { }, stop.Token);
        await Poll.UntilAsync(
            async () =>
            {
                await Indexer(index).IndexAsync(Token);
                return sweep.LastRound is { Repaired: 0, Removed: 0 } && await IsRightAsync(index);
            },
            () => $"{sweep.LastRound}");
        await stop.CancelAsync();
        await sweeping;
        await AssertRightAsync(index);
    }

    private async Task<bool> IsRightAsync(ElasticsearchIndex index) =>
        (await ReadAsync(index)).SequenceEqual(Expected());

    private async Task AssertRightAsync(ElasticsearchIndex index) => Assert.Equal(Expected(), await ReadAsync(index));

    private IEnumerable<IndexDocument> Expected() =>
        _rollups.All.Select(IndexDocument.From).OrderBy(document => document.Id, StringComparer.Ordinal);

    private static async Task<IEnumerable<IndexDocument>> ReadAsync(ElasticsearchIndex index)
    {
        var documents = new List<IndexDocument>();
        await foreach (var document in index.ScanAsync(Token))
        {
            documents.Add(document);
        }

        return documents.OrderBy(document => document.Id, StringComparer.Ordinal);
    }
}
