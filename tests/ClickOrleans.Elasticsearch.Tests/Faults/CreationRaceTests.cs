using System.Text;
using ClickOrleans.Elasticsearch.Indices;

namespace ClickOrleans.Elasticsearch.Tests.Faults;

/// <summary>What several silos that start at once can meet.</summary>
public sealed class CreationRaceTests
{
    private const string None = """{"error":{"type":"index_not_found_exception","reason":"no such index"},"status":404}""";
    private const string One = """{"clicks-000001":{"aliases":{"clicks":{}},"mappings":{},"settings":{"index":{"uuid":"a"}}}}""";

    [Fact]
    public async Task An_index_made_between_two_looks_is_used_and_no_second_one_made()
    {
        var requests = new List<string>();
        await using var server = LoopbackServer.Start(context =>
        {
            requests.Add($"{context.Request.HttpMethod} {context.Request.RawUrl}");
            return requests.Count == 1
                ? LoopbackServer.AnswerAsync(context, 404, Encoding.UTF8.GetBytes(None))
                : LoopbackServer.AnswerAsync(context, 200, Encoding.UTF8.GetBytes(One));
        });
        using var connection = ElasticsearchServer.Connect(server.Address, new ElasticsearchOptions());

        var found = await new AliasedIndices(connection, "clicks").FindOrCreateAsync(TestContext.Current.CancellationToken);

        Assert.Equal("clicks-000001", found.Name);
        Assert.All(requests, request => Assert.StartsWith("GET ", request, StringComparison.Ordinal));
    }
}
