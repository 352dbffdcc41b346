using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClickOrleans.Elasticsearch.Tests.Faults;

/// <summary>
/// Stands before a real Elasticsearch and treats bulks badly: refuses some with 429 and 503, breaks some off in the middle of
/// the answer when the documents are in the index already, pushes single items back, delays. All else passes.
/// </summary>
internal sealed class MisbehavingProxy : IAsyncDisposable
{
    private readonly HttpClient _http = new();
    private readonly LoopbackServer _server;
    private readonly string _target;
    private readonly ConcurrentDictionary<string, bool> _acknowledged = new();
    private int _bulks;

    public MisbehavingProxy(string target)
    {
        _target = target;
        _server = LoopbackServer.Start(AnswerAsync);
    }

    public string Address => _server.Address;

    /// <summary>Ids with their versions that came again although the client had been told that they are in the index.</summary>
    public ConcurrentBag<string> SentAgain { get; } = [];

    /// <summary>How often each thing was done to a bulk.</summary>
    public ConcurrentDictionary<string, int> Done { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var request = context.Request;
        using var buffer = new MemoryStream();
        await request.InputStream.CopyToAsync(buffer);
        var body = buffer.ToArray();
        if (!request.Url!.AbsolutePath.EndsWith("/_bulk", StringComparison.Ordinal))
        {
            var (status, answer) = await PassAsync(request, body, gzip: false);
            await LoopbackServer.AnswerAsync(context, status, answer);
            return;
        }

        var lines = Lines(body, request.Headers["Content-Encoding"] == "gzip");
        var keys = lines.Where((_, i) => i % 2 == 0).Select(Key).ToArray();
        foreach (var key in keys.Where(_acknowledged.ContainsKey))
        {
            SentAgain.Add(key);
        }

        await MistreatAsync(context, request, body, lines, keys);
    }

    private async Task MistreatAsync(
        HttpListenerContext context, HttpListenerRequest request, byte[] body, string[] lines, string[] keys)
    {
        // In turn, so that a third is refused with 429 or 503 whatever the number of bulks.
        switch (Interlocked.Increment(ref _bulks) % 9)
        {
            case 1 or 4:
                Note("429");
                await LoopbackServer.AnswerAsync(
                    context,
                    429,
                    """{"error":{"type":"es_rejected_execution_exception","reason":"busy"},"status":429}"""u8.ToArray());
                break;
            case 7:
                Note("503");
                await LoopbackServer.AnswerAsync(context, 503, "<html>no upstream</html>"u8.ToArray());
                break;
            case 2:
                Note("broken in the middle of the answer");
                var (brokenStatus, broken) = await PassAsync(request, body, gzip: true);
                await LoopbackServer.BreakAsync(context, brokenStatus, broken);
                break;
            case 5:
                Note("broken before the answer");
                context.Response.Abort();
                break;
            case 8:
                Note("items pushed back");
                await PushItemsBackAsync(context, request, lines, keys);
                break;
            case 3:
                Note("delayed");
                await Task.Delay(50);
                goto default;
            default:
                var (status, answer) = await PassAsync(request, body, gzip: true);
                Acknowledge(keys);
                await LoopbackServer.AnswerAsync(context, status, answer);
                break;
        }
    }

    /// <summary>Every other item passes, the rest is answered with 429.</summary>
    private async Task PushItemsBackAsync(HttpListenerContext context, HttpListenerRequest request, string[] lines, string[] keys)
    {
        var passed = lines.Where((_, i) => i / 2 % 2 == 0);
        var (status, answer) = await PassAsync(
            request, [.. passed.SelectMany(line => System.Text.Encoding.UTF8.GetBytes(line + "\n"))], gzip: false);
        var items = JsonNode.Parse(answer)!["items"]!.AsArray();
        var all = new JsonArray();
        for (var i = 0; i < keys.Length; i++)
        {
            all.Add(i % 2 == 0
                ? items[i / 2]!.DeepClone()
                : JsonNode.Parse(
                    """{"index":{"status":429,"error":{"type":"es_rejected_execution_exception","reason":"busy"}}}"""));
        }

        Acknowledge([.. keys.Where((_, i) => i % 2 == 0)]);
        await LoopbackServer.AnswerAsync(
            context, status, System.Text.Encoding.UTF8.GetBytes(new JsonObject { ["items"] = all }.ToJsonString()));
    }

    private async Task<(int Status, byte[] Body)> PassAsync(HttpListenerRequest request, byte[] body, bool gzip)
    {
        using var passed = new HttpRequestMessage(new HttpMethod(request.HttpMethod), _target + request.RawUrl);
        if (body.Length > 0)
        {
            passed.Content = new ByteArrayContent(body);
            passed.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
            if (gzip && request.Headers["Content-Encoding"] is { } encoding)
            {
                passed.Content.Headers.ContentEncoding.Add(encoding);
            }
        }

        using var response = await _http.SendAsync(passed);
        return ((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync());
    }

    private void Acknowledge(string[] keys)
    {
        foreach (var key in keys)
        {
            _acknowledged[key] = true;
        }
    }

    private void Note(string what) => Done.AddOrUpdate(what, 1, (_, count) => count + 1);

    private static string[] Lines(byte[] body, bool gzip)
    {
        using Stream stream = gzip ? new GZipStream(new MemoryStream(body), CompressionMode.Decompress) : new MemoryStream(body);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Key(string action)
    {
        using var json = JsonDocument.Parse(action);
        var index = json.RootElement.GetProperty("index");
        return $"{index.GetProperty("_id").GetString()}/{index.GetProperty("version").GetInt64()}";
    }
}
