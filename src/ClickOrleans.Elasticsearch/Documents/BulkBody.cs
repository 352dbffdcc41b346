using System.Buffers;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using ClickOrleans.Pipeline.Index;
using Elastic.Transport;

namespace ClickOrleans.Elasticsearch.Documents;

/// <summary>
/// The body of a bulk request: documents from one place in a list up to another, as many as the bound of bytes allows, written
/// to the wire as they are serialized.
/// </summary>
internal sealed class BulkBody(IReadOnlyList<IndexDocument> documents, int first, int end, ElasticsearchOptions bounds)
{
    private const int ChunkBytes = 32 * 1024;
    private static readonly JsonWriterOptions Json =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>How many documents are in the body; known when it has been sent. At least one, however large.</summary>
    public int Taken { get; private set; }

    /// <summary>For the client, which writes it again where it sends the request to another node.</summary>
    public PostData ToPostData() => PostData.StreamHandler(
        this,
        static (body, stream) => body.WriteAsync(stream, CancellationToken.None).GetAwaiter().GetResult(),
        static (body, stream, cancellationToken) => body.WriteAsync(stream, cancellationToken));

    public async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        if (!bounds.Compress)
        {
            await WritePlainAsync(stream, cancellationToken);
            return;
        }

        await using var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true);
        await WritePlainAsync(gzip, cancellationToken);
    }

    private async Task WritePlainAsync(Stream stream, CancellationToken cancellationToken)
    {
        var chunk = new ArrayBufferWriter<byte>(2 * ChunkBytes);
        var lines = new ArrayBufferWriter<byte>();
        await using var json = new Utf8JsonWriter(lines, Json);
        var (taken, bytes) = (0, 0L);
        while (first + taken < end)
        {
            lines.ResetWrittenCount();
            WriteLines(documents[first + taken], json, lines);
            if (taken > 0 && bytes + lines.WrittenCount > bounds.BulkBytes)
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
