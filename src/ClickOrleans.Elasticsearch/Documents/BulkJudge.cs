using ClickOrleans.Elasticsearch.Connection;
using ClickOrleans.Pipeline.Index;

namespace ClickOrleans.Elasticsearch.Documents;

/// <summary>
/// Judges one item of a bulk response. Only what Elasticsearch has against the document itself refuses it; how the index is set
/// up (closed, an ingest pipeline, several indices behind the alias) says nothing of any document.
/// </summary>
internal static class BulkJudge
{
    private const string RemovePipeline = "remove it from the index (index.default_pipeline, index.final_pipeline)";

    /// <summary>The errors of parsing and indexing a document.</summary>
    private static readonly HashSet<string> OfDocuments =
    [
        "document_parsing_exception", "mapper_parsing_exception", "strict_dynamic_mapping_exception",
        "illegal_argument_exception",
    ];

    /// <exception cref="IndexGoneException"/>
    /// <exception cref="IndexSetupException"/>
    public static IndexAnswer Of(BulkItemResult? item, ElasticsearchConnection connection)
    {
        var (type, reason) = (item?.Error?.Type, $"{item?.Error?.Type}: {item?.Error?.Reason}");
        return item?.Status switch
        {
            200 when item.Result == "noop" => throw Setup(connection, $"an ingest pipeline drops documents: {RemovePipeline}"),
            200 or 201 => new(IndexOutcome.Indexed),
            409 => new(IndexOutcome.VersionConflict),
            400 when type == "index_closed_exception" => throw Setup(connection, $"{reason}: open the index"),
            400 when Says("no write index is defined") => throw Setup(connection, $"{reason}: leave one index behind the alias"),
            400 when Says("pipeline with id") => throw Setup(connection, $"{reason}: make it, or {RemovePipeline}"),
            400 when type is not null && OfDocuments.Contains(type) => new(IndexOutcome.Rejected, reason),
            403 when type == "security_exception" => throw connection.MissingPrivilege(item.Error?.Reason),
            404 => throw new IndexGoneException($"{connection.Address}: {reason}"),
            var status => new(IndexOutcome.Retryable, $"{status} {reason}"),
        };

        bool Says(string words) => reason.Contains(words, StringComparison.Ordinal);
    }

    private static IndexSetupException Setup(ElasticsearchConnection connection, string problem) =>
        new($"{connection.Address}: {problem}.");
}
