using System.Text;
using ClickOrleans.Elasticsearch.Connection;
using ClickOrleans.Elasticsearch.Documents;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Conformance.Index;

namespace ClickOrleans.Elasticsearch.Tests.Faults;

/// <summary>What is made of answers that a real server gives only in bad times.</summary>
public sealed class BulkJudgementTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(200, null, IndexOutcome.Indexed)]
    [InlineData(201, null, IndexOutcome.Indexed)]
    [InlineData(409, "version_conflict_engine_exception", IndexOutcome.VersionConflict)]
    [InlineData(400, "document_parsing_exception", IndexOutcome.Rejected)]
    [InlineData(400, "strict_dynamic_mapping_exception", IndexOutcome.Rejected)]
    [InlineData(400, "illegal_argument_exception", IndexOutcome.Rejected)]
    [InlineData(400, "script_exception", IndexOutcome.Retryable)]
    [InlineData(400, null, IndexOutcome.Retryable)]
    [InlineData(429, "es_rejected_execution_exception", IndexOutcome.Retryable)]
    [InlineData(429, "cluster_block_exception", IndexOutcome.Retryable)]
    [InlineData(403, "cluster_block_exception", IndexOutcome.Retryable)]
    [InlineData(503, "unavailable_shards_exception", IndexOutcome.Retryable)]
    [InlineData(500, "null_pointer_exception", IndexOutcome.Retryable)]
    [InlineData(408, "some_timeout", IndexOutcome.Retryable)]
    public async Task An_item_is_judged_by_its_status(int status, string? type, IndexOutcome outcome)
    {
        var error = type is null ? "" : $$""","error":{"type":"{{type}}","reason":"the reason"}""";
        await using var server = Answering(200, $$"""{"items":[{"index":{"status":{{status}}{{error}} } }]}""");

        var answer = Assert.Single(await WriteAsync(server, 1));

        Assert.Equal(outcome, answer.Outcome);
        Assert.Equal(
            type is not null && outcome != IndexOutcome.VersionConflict,
            answer.Reason?.Contains($"{type}: the reason", StringComparison.Ordinal) ?? false);
    }

    [Theory]
    [InlineData("""{"status":400,"error":{"type":"index_closed_exception","reason":"closed"}}""", "open the index")]
    [InlineData(
        """{"status":400,"error":{"type":"illegal_argument_exception","reason":"pipeline with id [x] does not exist"}}""",
        "pipeline with id [x]")]
    [InlineData("""{"status":200,"result":"noop"}""", "an ingest pipeline drops documents")]
    public async Task How_the_index_is_set_up_says_nothing_of_any_document(string item, string said)
    {
        await using var server = Answering(200, $$"""{"items":[{"index":{{item}}}]}""");

        var exception = await Assert.ThrowsAsync<IndexSetupException>(() => WriteAsync(server, 1));

        Assert.Contains(said, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(413)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_bulk_pushed_back_as_a_whole_is_to_be_tried_again(int status)
    {
        await using var server = Answering(status, "<html>a proxy's words</html>");

        var answers = await WriteAsync(server, 3);

        Assert.Equal(3, answers.Count);
        Assert.All(answers, answer => Assert.Equal(IndexOutcome.Retryable, answer.Outcome));
        Assert.All(answers, answer => Assert.Contains($"{status}", answer.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_item_for_an_index_that_is_gone_says_nothing_of_any_document()
    {
        await using var server = Answering(
            200,
            """{"items":[{"index":{"status":404,"error":{"type":"index_not_found_exception","reason":"no such index"}}}]}""");

        await Assert.ThrowsAsync<IndexGoneException>(() => WriteAsync(server, 1));
    }

    [Theory]
    [InlineData("""{"items":[{"index":{"status":201}}]}""")]
    [InlineData("""{"items":[]}""")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[1")]
    [InlineData("<html>")]
    public async Task An_answer_that_does_not_match_the_documents_is_an_outage(string body)
    {
        await using var server = Answering(200, body);

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => WriteAsync(server, 2));

        Assert.IsNotType<IndexSetupException>(exception);
    }

    [Fact]
    public async Task When_a_later_bulk_fails_what_was_acknowledged_stays_so()
    {
        var bulks = 0;
        await using var server = LoopbackServer.Start(async context =>
        {
            await context.Request.InputStream.CopyToAsync(Stream.Null);
            if (++bulks == 2)
            {
                context.Response.Abort();
                return;
            }

            await LoopbackServer.AnswerAsync(
                context, 200, """{"items":[{"index":{"status":201}},{"index":{"status":201}}]}"""u8.ToArray());
        });

        var answers = await WriteAsync(server, 6, new ElasticsearchOptions { BulkDocuments = 2, ConcurrentBulks = 1 });

        Assert.Equal(
            [
                IndexOutcome.Indexed, IndexOutcome.Indexed,
                IndexOutcome.Retryable, IndexOutcome.Retryable, IndexOutcome.Retryable, IndexOutcome.Retryable,
            ],
            answers.Select(answer => answer.Outcome));
        Assert.Equal(2, bulks);
    }

    [Fact]
    public async Task When_one_of_two_bulks_at_once_fails_the_other_stays_acknowledged()
    {
        var both = new TaskCompletionSource();
        var bulks = 0;
        await using var server = LoopbackServer.Start(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            var isFirst = Interlocked.Increment(ref bulks) == 1;
            if (!isFirst)
            {
                both.SetResult();
            }

            await both.Task;
            if (isFirst)
            {
                context.Response.Abort();
                return;
            }

            await LoopbackServer.AnswerAsync(
                context, 200, """{"items":[{"index":{"status":201}},{"index":{"status":409}}]}"""u8.ToArray());
        });

        var answers = await WriteAsync(server, 4, new ElasticsearchOptions { BulkDocuments = 2 });

        IndexOutcome[] taken = [IndexOutcome.Indexed, IndexOutcome.VersionConflict];
        IndexOutcome[] failed = [IndexOutcome.Retryable, IndexOutcome.Retryable];
        var outcomes = answers.Select(answer => answer.Outcome).ToArray();
        Assert.True(outcomes.SequenceEqual([.. taken, .. failed]) || outcomes.SequenceEqual([.. failed, .. taken]));
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up_after_the_timeout()
    {
        var forever = new TaskCompletionSource();
        await using var server = LoopbackServer.Start(async context =>
        {
            await forever.Task;
            context.Response.Abort();
        });

        var exception = await Record.ExceptionAsync(
            () => WriteAsync(server, 1, new ElasticsearchOptions { BulkTimeout = TimeSpan.FromSeconds(1) }));
        forever.SetResult();

        // The client's own timeout may be the first to end.
        Assert.True(exception is TimeoutException or HttpRequestException, $"{exception}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_keeps_its_bounds_and_is_whole(bool compress)
    {
        IndexDocument[] documents =
            [.. Enumerable.Range(0, 500).Select(i => SampleDocuments.Of($"/{i}/" + new string('x', i), "DE"))];
        var options = new ElasticsearchOptions { BulkBytes = 64 * 1024, Compress = compress };
        var (first, lines) = (0, new List<string>());
        while (first < documents.Length)
        {
            var bulk = new BulkBody(documents, first, Math.Min(first + 120, documents.Length), options);
            await using var body = new MemoryStream();
            await bulk.WriteAsync(body, Token);
            body.Position = 0;
            await using Stream plain = compress
                ? new System.IO.Compression.GZipStream(body, System.IO.Compression.CompressionMode.Decompress)
                : body;
            var text = await new StreamReader(plain).ReadToEndAsync(Token);

            Assert.InRange(bulk.Taken, 1, 120);
            Assert.InRange(Encoding.UTF8.GetByteCount(text), 1, 64 * 1024);
            Assert.EndsWith("\n", text, StringComparison.Ordinal);
            lines.AddRange(text.TrimEnd('\n').Split('\n'));
            first += bulk.Taken;
        }

        Assert.Equal(1000, lines.Count);
        Assert.All(
            documents.Index(),
            pair => Assert.Contains($"\"{pair.Item.Id}\"", lines[2 * pair.Index], StringComparison.Ordinal));
        Assert.All(
            documents.Index(),
            pair => Assert.Contains($"\"{pair.Item.Url}\"", lines[(2 * pair.Index) + 1], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_document_larger_than_the_bound_goes_alone()
    {
        var bulk = new BulkBody(
            [SampleDocuments.Of("/" + new string('x', 2000), "DE"), SampleDocuments.Of("/b", "DE")],
            0,
            2,
            new ElasticsearchOptions { BulkBytes = 1000 });

        await bulk.WriteAsync(Stream.Null, Token);

        Assert.Equal(1, bulk.Taken);
    }

    private static LoopbackServer Answering(int status, string body) => LoopbackServer.Start(async context =>
    {
        await context.Request.InputStream.CopyToAsync(Stream.Null);
        await LoopbackServer.AnswerAsync(context, status, Encoding.UTF8.GetBytes(body));
    });

    private static async Task<IReadOnlyList<IndexAnswer>> WriteAsync(
        LoopbackServer server, int count, ElasticsearchOptions? options = null)
    {
        options ??= new ElasticsearchOptions();
        using var connection = ElasticsearchServer.Connect(server.Address, options);
        return await new BulkWriter(connection, options)
            .WriteAsync("clicks", [.. Enumerable.Range(0, count).Select(i => SampleDocuments.Of($"/{i}", "DE"))], Token);
    }
}
