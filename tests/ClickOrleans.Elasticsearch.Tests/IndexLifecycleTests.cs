using System.Text.Json;
using System.Text.Json.Nodes;
using ClickOrleans.Elasticsearch.Indices;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Indexing;
using ClickOrleans.Conformance.Index;
using ClickOrleans.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Elasticsearch.Tests;

/// <summary>How the index comes to be, is found, and comes back when it was deleted.</summary>
public abstract class IndexLifecycleTests(ElasticsearchServer server)
{
    private readonly ElasticsearchOptions _options = new() { Index = server.NewName() };

    private string Name => _options.Index;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_makes_an_index_with_the_mapping_of_the_file_behind_the_alias()
    {
        await using var index = await IndexAsync();

        await index.OpenAsync(Token);

        var made = (await server.SendAsync(HttpMethod.Get, Name)).GetProperty($"{Name}-000001");
        Assert.True(made.GetProperty("aliases").TryGetProperty(Name, out _));
        Assert.Equal("strict", made.GetProperty("mappings").GetProperty("dynamic").GetString());
        Assert.Empty(index.MappingDifferences);
        Assert.Empty(await index.CompareMappingAsync(Token));
    }

    [Fact]
    public async Task A_stored_document_has_the_fields_of_a_rollup_and_no_other()
    {
        await using var index = await IndexAsync();
        await index.OpenAsync(Token);
        await index.UpsertAsync([SampleDocuments.Of("/a", "DE", clicks: 5, version: 3)], Token);

        var stored = await server.SendAsync(HttpMethod.Get, $"{Name}/_doc/{DocumentId.Of("/a", "DE")}");

        Assert.Equal(3, stored.GetProperty("_version").GetInt64());
        Assert.Equal(
            [
                "url", "country", "clicks", "unique_users", "average_time", "average_time_seconds", "first_click", "last_click",
                "updated_at",
            ],
            stored.GetProperty("_source").EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task Many_that_open_at_once_end_with_the_same_index()
    {
        var address = await server.AddressAsync();
        await using var first = ElasticsearchServer.Index(address, _options);
        await using var second = ElasticsearchServer.Index(address, _options);
        await using var third = ElasticsearchServer.Index(address, _options);

        var identities = await Task.WhenAll(first.OpenAsync(Token), second.OpenAsync(Token), third.OpenAsync(Token));

        Assert.Single(identities.Distinct());
        Assert.Single((await server.SendAsync(HttpMethod.Get, $"{Name}-*")).EnumerateObject());
    }

    [Fact]
    public async Task An_index_of_the_very_name_is_used_as_it_is()
    {
        var body = JsonNode.Parse(MappingFile.CreationBody("x"))!.AsObject();
        body.Remove("aliases");
        await server.SendAsync(HttpMethod.Put, Name, body.ToJsonString());
        await using var index = await IndexAsync();
        await index.OpenAsync(Token);

        await index.UpsertAsync([SampleDocuments.Of("/a", "DE")], Token);

        Assert.Equal([SampleDocuments.Of("/a", "DE")], await ScanAsync(index));
        Assert.Empty(index.MappingDifferences);
        Assert.Equal(Name, Assert.Single((await server.SendAsync(HttpMethod.Get, $"{Name},{Name}-*")).EnumerateObject()).Name);
    }

    [Fact]
    public async Task A_number_in_use_by_another_index_is_passed_over()
    {
        await server.SendAsync(HttpMethod.Put, $"{Name}-000007", "{}");
        await using var index = await IndexAsync();

        await index.OpenAsync(Token);

        Assert.Equal($"{Name}-000008", Assert.Single((await server.SendAsync(HttpMethod.Get, Name)).EnumerateObject()).Name);
    }

    [Fact]
    public async Task Two_indices_behind_the_alias_are_a_person_s_to_sort_out()
    {
        await server.SendAsync(HttpMethod.Put, $"{Name}-a", $$"""{"aliases":{"{{Name}}":{ } } }""");
        await server.SendAsync(HttpMethod.Put, $"{Name}-b", $$"""{"aliases":{"{{Name}}":{ } } }""");
        await using var index = await IndexAsync();

        var exception = await Assert.ThrowsAsync<IndexSetupException>(() => index.OpenAsync(Token));

        Assert.Contains($"{Name}-a, {Name}-b", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_index_put_behind_the_alias_while_open_refuses_no_document()
    {
        await using var index = await IndexAsync();
        await index.OpenAsync(Token);
        await server.SendAsync(HttpMethod.Put, $"{Name}-b", $$"""{"aliases":{"{{Name}}":{ } } }""");

        await Assert.ThrowsAsync<IndexSetupException>(() => index.UpsertAsync([SampleDocuments.Of("/a", "DE")], Token));
    }

    [Fact]
    public async Task Fields_that_somebody_adds_are_named_and_no_complaint()
    {
        await using var index = await IndexAsync();
        await index.OpenAsync(Token);
        await server.SendAsync(
            HttpMethod.Put,
            $"{Name}/_mapping",
            """
            {
              "runtime": { "host": { "type": "keyword" } },
              "properties": {
                "team": { "type": "keyword" },
                "url": { "type": "keyword", "ignore_above": 4096, "fields": { "words": { "type": "text" } } }
              }
            }
            """);

        await index.OpenAsync(Token);

        Assert.Equal(["runtime", "team", "url.fields"], index.MappingDifferences.Select(each => each.Field).Order());
        Assert.Empty(index.Complaints);
    }

    [Fact]
    public async Task A_mapping_that_differs_is_named_field_by_field_and_left_alone()
    {
        await server.SendAsync(
            HttpMethod.Put,
            $"{Name}-000001",
            $$"""
            {
              "aliases": { "{{Name}}": {} },
              "mappings": {
                "properties": {
                  "url": { "type": "text", "fields": { "keyword": { "type": "keyword" } } },
                  "country": { "type": "keyword", "ignore_above": 16 },
                  "extra": { "type": "long" }
                }
              }
            }
            """);
        await using var index = await IndexAsync();

        await index.OpenAsync(Token);

        var differences = index.MappingDifferences;
        Assert.Equal(differences, await index.CompareMappingAsync(Token));
        Assert.Contains(new MappingDifference("dynamic", "strict", null), differences);
        Assert.Contains(new MappingDifference("url.type", "keyword", "text"), differences);
        Assert.Contains(new MappingDifference("url.ignore_above", "4096", null), differences);
        Assert.Contains(new MappingDifference("country.ignore_above", "4096", "16"), differences);
        Assert.Contains(new MappingDifference("clicks", """{"type":"long"}""", null), differences);
        Assert.Contains(new MappingDifference("extra", null, """{"type":"long"}""", IsAddition: true), differences);
        Assert.DoesNotContain(differences, difference => difference.Field.Contains("properties", StringComparison.Ordinal));
        var mapping = (await server.SendAsync(HttpMethod.Get, Name)).GetProperty($"{Name}-000001").GetProperty("mappings");
        Assert.Equal("text", mapping.GetProperty("properties").GetProperty("url").GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_document_the_mapping_refuses_is_rejected_with_its_reason_and_harms_no_neighbour()
    {
        await server.SendAsync(
            HttpMethod.Put,
            $"{Name}-000001",
            $$"""{"aliases":{"{{Name}}":{ } },"mappings":{"properties":"""
                + """{"clicks":{"type":"byte"},"url":{"type":"keyword"},"country":{"type":"keyword"} } } }""");
        await using var index = await IndexAsync();
        await index.OpenAsync(Token);

        var answers = await index.UpsertAsync(
            [SampleDocuments.Of("/a", "DE", clicks: 1), SampleDocuments.Of("/b", "DE", clicks: 1000)], Token);

        Assert.Equal([IndexOutcome.Indexed, IndexOutcome.Rejected], answers.Select(answer => answer.Outcome));
        Assert.Contains("clicks", answers[1].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_index_deleted_behind_our_back_is_made_again_with_the_mapping_and_filled(bool isAlias)
    {
        if (!isAlias)
        {
            await server.SendAsync(HttpMethod.Put, Name, """{"mappings":{"dynamic":"false"} }""");
        }

        var rollups = new InMemoryRollupStore();
        rollups.Fill(500);
        await using var index = await IndexAsync();
        Assert.Equal(new IndexRun(500, 500, 0, null), await Indexer(rollups, index).IndexAsync(Token));
        await server.SendAsync(HttpMethod.Delete, isAlias ? $"{Name}-000001" : Name);

        var run = await Indexer(rollups, index).IndexAsync(Token);

        Assert.Equal(new IndexRun(500, 500, 0, null), run);
        Assert.Equal(500, await index.CountAsync(Token));
        Assert.Empty(index.MappingDifferences);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_index_deleted_in_the_middle_of_a_run_is_made_again_and_filled_in_the_same_run(bool isAlias)
    {
        if (!isAlias)
        {
            await server.SendAsync(HttpMethod.Put, Name, """{"mappings":{"dynamic":"false"} }""");
        }

        var rollups = new InMemoryRollupStore();
        rollups.Fill(500);
        var batches = 0;
        rollups.Marking = _ =>
        {
            if (++batches == 3)
            {
                server.SendAsync(HttpMethod.Delete, isAlias ? $"{Name}-000001" : Name).GetAwaiter().GetResult();
            }
        };
        await using var index = await IndexAsync();

        var run = await Indexer(rollups, index, batch: 50).IndexAsync(Token);

        Assert.Null(run.Error);
        Assert.Equal(500, await index.CountAsync(Token));
        Assert.Empty(index.MappingDifferences);
        Assert.All(rollups.All, rollup => Assert.Equal(rollup.Version, rollup.IndexedVersion));
    }

    private async Task<ElasticsearchIndex> IndexAsync() => ElasticsearchServer.Index(await server.AddressAsync(), _options);

    private static Indexer Indexer(InMemoryRollupStore rollups, ElasticsearchIndex index, int batch = 1000) => new(
        rollups,
        index,
        new IndexerOptions
        {
            FirstBatch = batch,
            LargestBatch = batch,
            SmallestBatch = 10,
            FirstPause = TimeSpan.FromMilliseconds(20),
        },
        StageContexts.System,
        NullLogger<Indexer>.Instance);

    private static async Task<List<IndexDocument>> ScanAsync(ElasticsearchIndex index)
    {
        var documents = new List<IndexDocument>();
        await foreach (var document in index.ScanAsync(Token))
        {
            documents.Add(document);
        }

        return documents;
    }
}
