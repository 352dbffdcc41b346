using System.Net;
using System.Text;
using ClickOrleans.Pipeline.Index;

namespace ClickOrleans.Elasticsearch.Tests.Faults;

/// <summary>A server that does not say that it is Elasticsearch: OpenSearch, or a proxy that removes the header.</summary>
public sealed class OtherProductTests
{
    private const string None = """{"error":{"type":"index_not_found_exception","reason":"no such index"},"status":404}""";
    private const string One = """{"clicks-000001":{"aliases":{"clicks":{}},"mappings":{},"settings":{"index":{"uuid":"a"}}}}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(200, One)]
    [InlineData(404, None)]
    public async Task Opening_the_index_ends_in_one_line_that_says_what_is_needed_and_creates_nothing(int status, string body)
    {
        var methods = new List<string>();
        await using var server = LoopbackServer.Start(context =>
        {
            methods.Add(context.Request.HttpMethod);
            return LoopbackServer.AnswerAsync(context, status, Encoding.UTF8.GetBytes(body), isElasticsearch: false);
        });
        await using var index = ElasticsearchServer.Index(server.Address, new ElasticsearchOptions());

        var exception = await Assert.ThrowsAsync<IndexSetupException>(() => index.OpenAsync(Token));

        AssertLine(exception);
        Assert.Equal(["GET"], methods);
    }

    [Fact]
    public async Task A_typed_request_ends_in_the_same_line_and_works_once_the_header_is_there()
    {
        var isElasticsearch = false;
        await using var server = LoopbackServer.Start(context => LoopbackServer.AnswerAsync(
            context, 200, """{"count":7,"_shards":{"total":1,"successful":1,"failed":0}}"""u8.ToArray(), isElasticsearch));
        await using var index = ElasticsearchServer.Index(server.Address, new ElasticsearchOptions());

        AssertLine(await Assert.ThrowsAsync<IndexSetupException>(() => index.CountAsync(Token)));
        AssertLine(await Assert.ThrowsAsync<IndexSetupException>(() => index.CountAsync(Token)));
        isElasticsearch = true;

        Assert.Equal(7, await index.CountAsync(Token));
    }

    [Fact]
    public async Task An_error_of_a_proxy_is_an_outage_and_no_other_product()
    {
        await using var server = LoopbackServer.Start(async context =>
        {
            context.Response.StatusCode = (int)HttpStatusCode.BadGateway;
            context.Response.ContentType = "text/html";
            await context.Response.OutputStream.WriteAsync("<html>no upstream</html>"u8.ToArray());
            context.Response.Close();
        });
        await using var index = ElasticsearchServer.Index(server.Address, new ElasticsearchOptions());

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => index.OpenAsync(Token));

        Assert.IsNotType<IndexSetupException>(exception);
        Assert.Contains("502", exception.Message, StringComparison.Ordinal);
    }

    private static void AssertLine(IndexSetupException exception)
    {
        Assert.Contains("does not identify itself as Elasticsearch (header X-elastic-product)", exception.Message,
            StringComparison.Ordinal);
        Assert.Contains("OpenSearch", exception.Message, StringComparison.Ordinal);
        Assert.Contains("proxy", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }
}
