using System.Text;
using ClickOrleans.Conformance.Index;
using ClickOrleans.Elasticsearch.Indices;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClickOrleans.Elasticsearch.Tests.Faults;

/// <summary>Whatever an answer is, every operation ends in one line that says what was seen.</summary>
public sealed class UnusableAnswerTests
{
    private const string Security = """{"error":{"type":"security_exception","reason":"action is unauthorized"},"status":403}""";
    private const string Block = """{"error":{"type":"cluster_block_exception","reason":"metadata block"},"status":403}""";
    private const string Html = "<html><body>no</body></html>";
    private const string Found = """{"clicks-1":{"aliases":{"clicks":{}},"mappings":{},"settings":{"index":{"uuid":"a"}}}}""";

    private static readonly Dictionary<string, Func<ElasticsearchIndex, ElasticsearchRebuild, Task>> Operations = new()
    {
        ["open"] = (index, _) => index.OpenAsync(Token),
        ["mapping"] = (index, _) => index.CompareMappingAsync(Token),
        ["count"] = (index, _) => index.CountAsync(Token),
        ["search"] = (index, _) => index.SearchAsync("a", 1, Token),
        ["get"] = (index, _) => index.GetAsync(["1"], Token),
        ["scan"] = async (index, _) => await index.ScanAsync(Token).GetAsyncEnumerator(Token).MoveNextAsync(),
        ["rebuild"] = (_, rebuild) => rebuild.RunAsync(null, Token),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<int, string?, bool, string, string> Answers => new()
    {
        { 301, "text/html", false, Html, "301, a redirect to https://elsewhere.example/path" },
        { 302, null, true, "", "302, a redirect to https://elsewhere.example/path" },
        { 200, "text/html", false, Html, "200 with text/html" },
        { 200, "text/html", true, Html, "200 with text/html" },
        { 200, "application/json", true, Html, "does not answer as Elasticsearch does" },
        { 200, "application/json", true, "[]", "does not answer as Elasticsearch does" },
        { 200, "application/json", true, """{"a":1,"error":[]}""", "does not answer as Elasticsearch does" },
        { 400, "text/plain", false, "The plain HTTP request was sent to HTTPS port", "400 with text/plain" },
        { 401, "text/html", false, Html, "401 with text/html" },
        { 403, "text/html", false, Html, "403 with text/html" },
        { 403, "application/json", true, Block, "cluster_block_exception: metadata block" },
        { 403, "application/json", true, Security, "Grant create_index" },
        { 404, "text/html", false, Html, "404 with text/html" },
        { 404, "application/json", true, "{}", "404 with application/json" },
        { 405, "application/json", true, """{"error":"Incorrect HTTP method","status":405}""", "405 with application/json" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Every_operation_ends_in_one_line(int status, string? type, bool isElasticsearch, string body, string said)
    {
        await using var server = Answering(status, type, isElasticsearch, body);
        await using var provider = Provider(server.Address);
        var outages = provider.GetRequiredService<OutageText>();

        foreach (var (name, operation) in Operations)
        {
            var exception = await Record.ExceptionAsync(() => operation(
                provider.GetRequiredService<ElasticsearchIndex>(), provider.GetRequiredService<ElasticsearchRebuild>()));

            // Of an answer that is JSON and no error, not every operation reads what is missing here.
            if (exception is null && status == 200)
            {
                continue;
            }

            Assert.NotNull(exception);
            var line = outages.Of(exception);
            Assert.True(line is not null, $"{name}: {exception}");
            Assert.DoesNotContain('\n', line);
            Assert.DoesNotContain("hush", line, StringComparison.Ordinal);
            Assert.Equal(body == Security, line.Contains("privilege", StringComparison.Ordinal));
            if (name == "open")
            {
                Assert.Contains(said, line, StringComparison.Ordinal);
                Assert.Contains(server.Address, line, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Documents_without_their_source_are_named()
    {
        await using var server = LoopbackServer.Start(context =>
        {
            var isSearch = context.Request.Url!.AbsolutePath.EndsWith("_search", StringComparison.Ordinal);
            return LoopbackServer.AnswerAsync(context, 200, Encoding.UTF8.GetBytes(
                isSearch ? """{"hits":{"hits":[{"_index":"clicks-000001","_id":"1","_version":3}]}}""" : Found));
        });
        await using var provider = Provider(server.Address);

        var exception = await Record.ExceptionAsync(
            () => provider.GetRequiredService<ElasticsearchIndex>().SearchAsync("a", 1, Token));

        var line = provider.GetRequiredService<OutageText>().Of(exception!);
        Assert.Contains("come without their source", line, StringComparison.Ordinal);
    }

    private static LoopbackServer Answering(int status, string? type, bool isElasticsearch, string body) =>
        LoopbackServer.Start(async context =>
        {
            await context.Request.InputStream.CopyToAsync(Stream.Null);
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            if (status is 301 or 302)
            {
                context.Response.AddHeader("Location", "https://user:hush@elsewhere.example/path?token=hush");
            }

            if (isElasticsearch)
            {
                context.Response.AddHeader("X-elastic-product", "Elasticsearch");
            }

            var bytes = Encoding.UTF8.GetBytes(body);
            context.Response.ContentLength64 = bytes.Length;
            await context.Response.OutputStream.WriteAsync(bytes);
            context.Response.Close();
        });

    private static ServiceProvider Provider(string address)
    {
        var rollups = new InMemoryRollupStore();
        rollups.Fill(3);
        return new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddSingleton<IRollupStore>(rollups)
            .AddClickOrleans(clicks => clicks.UseElasticsearchIndex(address, options => options.Index = "clicks"))
            .BuildServiceProvider();
    }
}
