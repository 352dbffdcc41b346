using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ClickOrleans.Elasticsearch.Connection;
using ClickOrleans.Pipeline.Index;
using Elastic.Transport;

namespace ClickOrleans.Elasticsearch.Documents;

/// <summary>Deletes documents in the versions in which they were seen: what has been written since stays.</summary>
internal sealed class BulkDeletion(ElasticsearchConnection connection, ElasticsearchOptions options)
{
    private const int Most = 1000;
    private const string Parameters = "filter_path=items.delete.status,items.delete.error.type,items.delete.error.reason";

    public async Task DeleteAsync(
        string alias, IReadOnlyList<IndexDocument> documents, CancellationToken cancellationToken)
    {
        foreach (var chunk in documents.Chunk(Most))
        {
            var answer = await connection.BulkAsync(
                new Operation("bulk", alias) { BatchSize = () => chunk.Length },
                $"{alias}/_bulk?{Parameters}",
                PostData.Bytes(options.Compress ? Compress(Body(chunk)) : Body(chunk)),
                ElasticsearchJson.Default.BulkAnswer,
                cancellationToken);
            foreach (var item in answer.Items ?? [])
            {
                ThrowIfFailed(item.Delete);
            }
        }
    }

    /// <summary>404: it is gone. 409: it is another by now.</summary>
    private void ThrowIfFailed(BulkItemResult? item)
    {
        if (item?.Status is not ((>= 200 and < 300) or 404 or 409))
        {
            throw new ElasticsearchException(
                (HttpStatusCode)(item?.Status ?? 500),
                item?.Error?.Type,
                $"{connection.Address} did not delete a document: {item?.Error?.Type}: {item?.Error?.Reason}");
        }
    }

    // The deletion keeps the document's version: later ones are written over it, whatever the server remembers of it.
    private static byte[] Body(IEnumerable<IndexDocument> documents)
    {
        var body = new StringBuilder();
        foreach (var document in documents)
        {
            var action = new JsonObject
            {
                ["_id"] = document.Id,
                ["version"] = document.Version,
                ["version_type"] = "external_gte",
            };
            body.Append(CultureInfo.InvariantCulture, $"{new JsonObject { ["delete"] = action }.ToJsonString()}\n");
        }

        return Encoding.UTF8.GetBytes(body.ToString());
    }

    private static byte[] Compress(byte[] body)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(body);
        }

        return compressed.ToArray();
    }
}
