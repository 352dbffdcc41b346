using ClickOrleans.Elasticsearch.Connection;
using ClickOrleans.Pipeline.Index;

namespace ClickOrleans.Elasticsearch.Documents;

/// <summary>Writes documents by bulk requests, one after the other, and judges the answers item by item.</summary>
internal sealed class BulkWriter(ElasticsearchClient client, ElasticsearchOptions options)
{
    // Only what is read of an answer, which is most of the time nothing but a status for each item.
    private const string Filter = "filter_path=items.index.status,items.index.error.type,items.index.error.reason";

    /// <param name="target">The alias or index.</param>
    /// <param name="isAlias">Then Elasticsearch is told to refuse the documents where the alias is gone, not to make an index.</param>
    /// <returns>Answers in the order of the documents.</returns>
    /// <remarks>
    /// It throws only where nothing was acknowledged. When a later request fails, its documents and those behind it are to be
    /// tried again, and what was acknowledged before stays acknowledged.
    /// </remarks>
    public async Task<IReadOnlyList<IndexAnswer>> WriteAsync(
        string target, bool isAlias, IReadOnlyList<IndexDocument> documents, CancellationToken cancellationToken)
    {
        var path = $"{target}/_bulk?{Filter}{(isAlias ? "&require_alias=true" : "")}";
        var answers = new List<IndexAnswer>(documents.Count);
        while (answers.Count < documents.Count)
        {
            try
            {
                answers.AddRange(await WriteSomeAsync(path, documents, answers.Count, cancellationToken));
            }
            catch (Exception exception) when (
                exception is ElasticsearchException { IsPushBack: true }
                || (answers.Count > 0 && !cancellationToken.IsCancellationRequested))
            {
                var tryAgain = new IndexAnswer(IndexOutcome.TryAgain, exception.Message);
                answers.AddRange(Enumerable.Repeat(tryAgain, documents.Count - answers.Count));
            }
        }

        return answers;
    }

    private async Task<IReadOnlyList<IndexAnswer>> WriteSomeAsync(
        string path, IReadOnlyList<IndexDocument> documents, int first, CancellationToken cancellationToken)
    {
        using var content = new BulkContent(documents, first, options);
        var answer = await client.WriteAsync(
            HttpMethod.Post, path, content, ElasticsearchJson.Default.BulkAnswer, options.BulkTimeout, cancellationToken);
        var items = answer.Items ?? [];
        return items.Count == content.Taken
            ? [.. items.Select(item => Judge(item.Index))]
            : throw new InvalidDataException($"{client.Address} answered for {items.Count} of {content.Taken} documents.");
    }

    /// <exception cref="IndexGoneException"/>
    /// <exception cref="IndexSetupException"/>
    private IndexAnswer Judge(BulkItemResult? item)
    {
        var (type, reason) = (item?.Error?.Type, $"{item?.Error?.Type}: {item?.Error?.Reason}");
        return item?.Status switch
        {
            200 or 201 => new(IndexOutcome.Indexed),
            409 => new(IndexOutcome.NewerThere),
            400 when reason.Contains("no write index is defined", StringComparison.Ordinal) =>
                throw new IndexSetupException($"{client.Address}: {reason}: leave one index behind the alias."),
            400 => new(IndexOutcome.Rejected, reason),
            403 when type == "security_exception" => throw client.MissingPrivilege(item.Error?.Reason),
            404 => throw new IndexGoneException($"{client.Address}: {reason}"),
            var status => new(IndexOutcome.TryAgain, $"{status} {reason}"),
        };
    }
}
