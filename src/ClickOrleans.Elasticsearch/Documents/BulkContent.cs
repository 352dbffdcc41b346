using System.Buffers;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ClickOrleans.Pipeline.Index;

namespace ClickOrleans.Elasticsearch.Documents;

/// <summary>
/// The body of a bulk request: documents from one place in a list up to another, as many as the bound of bytes allows, written
/// to the wire as they are serialized.
/// </summary>
internal sealed class BulkContent : HttpContent
{
    private const int ChunkBytes = 32 * 1024;
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly IReadOnlyList<IndexDocument> _documents;
    private readonly int _first;
    private readonly int _end;
    private readonly ElasticsearchOptions _bounds;

    public BulkContent(IReadOnlyList<IndexDocument> documents, int first, int end, ElasticsearchOptions bounds)
    {
        _documents = documents;
        _first = first;
        _end = end;
        _bounds = bounds;
        Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        if (bounds.Compress)
        {
            Headers.ContentEncoding.Add("gzip");
        }
    }

    /// <summary>How many documents are in the body; known when it has been sent. At least one, however large.</summary>
    public int Taken { get; private set; }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (!_bounds.Compress)
        {
            await WriteAsync(stream, cancellationToken);
            return;
        }

        await using var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true);
        await WriteAsync(gzip, cancellationToken);
    }

    private async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        var chunk = new ArrayBufferWriter<byte>(2 * ChunkBytes);
        var lines = new ArrayBufferWriter<byte>();
        await using var json = new Utf8JsonWriter(lines, Json);
        var (taken, bytes) = (0, 0L);
        while (_first + taken < _end)
        {
            lines.ResetWrittenCount();
            WriteLines(_documents[_first + taken], json, lines);
            if (taken > 0 && bytes + lines.WrittenCount > _bounds.BulkBytes)
            {
                break;
            }

            taken++;
            bytes += lines.WrittenCount;
            chunk.Write(lines.WrittenSpan);
            if (chunk.WrittenCount >= ChunkBytes)
            {
                await stream.WriteAsync(chunk.WrittenMemory, cancellationToken);
                chunk.ResetWrittenCount();
            }
        }

        await stream.WriteAsync(chunk.WrittenMemory, cancellationToken);
        Taken = taken;
    }

    // https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk: an action line, a document line.
    private static void WriteLines(IndexDocument document, Utf8JsonWriter json, ArrayBufferWriter<byte> lines)
    {
        json.Reset();
        json.WriteStartObject();
        json.WriteStartObject("index"u8);
        json.WriteString("_id"u8, document.Id);
        json.WriteNumber("version"u8, document.Version);
        json.WriteString("version_type"u8, "external"u8);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        lines.Write("\n"u8);
        json.Reset();
        JsonSerializer.Serialize(json, ClickEvent.From(document), ElasticsearchJson.Default.ClickEvent);
        json.Flush();
        lines.Write("\n"u8);
    }
}
