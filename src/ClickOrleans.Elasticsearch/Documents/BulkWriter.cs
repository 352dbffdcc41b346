using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using ClickOrleans.Elasticsearch.Connection;
using ClickOrleans.Pipeline.Index;

namespace ClickOrleans.Elasticsearch.Documents;

/// <summary>Writes documents by bulk requests, a few at once, and judges the answers item by item.</summary>
internal sealed class BulkWriter(ElasticsearchConnection connection, ElasticsearchOptions options)
{
    // Only what is read of an answer, which is most of the time nothing but a status for each item.
    private const string Parameters =
        "require_alias=true&filter_path=items.index.status,items.index.result,items.index.error.type,items.index.error.reason";

    /// <param name="alias">Where it is missing, Elasticsearch refuses the documents and creates no index.</param>
    /// <returns>Answers in the order of the documents.</returns>
    /// <remarks>
    /// It throws only where nothing was acknowledged. When one of several requests fails, its documents are to be tried again,
    /// and what others acknowledged stays acknowledged.
    /// </remarks>
    public async Task<IReadOnlyList<IndexAnswer>> WriteAsync(
        string alias, IReadOnlyList<IndexDocument> documents, CancellationToken cancellationToken)
    {
        var answers = new IndexAnswer?[documents.Count];
        var failures = new ConcurrentQueue<Exception>();
        var starts = Enumerable.Range(0, (documents.Count + options.BulkDocuments - 1) / options.BulkDocuments);
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = options.ConcurrentBulks,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(
            starts.Select(i => i * options.BulkDocuments),
            parallel,
            async (first, token) =>
            {
                var end = Math.Min(first + options.BulkDocuments, documents.Count);
                try
                {
                    // After a failure no further request is begun: it would most likely fail as well.
                    while (first < end && failures.IsEmpty)
                    {
                        first += await WriteSomeAsync(alias, documents, first, end, answers, token);
                    }
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    failures.Enqueue(exception);
                }
            });

        if (!failures.TryPeek(out var failure))
        {
            return [.. answers.Select(answer => answer!.Value)];
        }

        if (failure is not ElasticsearchException { IsPushBack: true } && Array.TrueForAll(answers, answer => answer is null))
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return [.. answers.Select(answer => answer ?? new IndexAnswer(IndexOutcome.Retryable, failure.Message))];
    }

    /// <summary>Sends one request with documents from <paramref name="first"/> on and fills in the answers.</summary>
    /// <returns>How many documents it held.</returns>
    private async Task<int> WriteSomeAsync(
        string alias,
        IReadOnlyList<IndexDocument> documents,
        int first,
        int end,
        IndexAnswer?[] answers,
        CancellationToken cancellationToken)
    {
        var body = new BulkBody(documents, first, end, options);
        var answer = await connection.BulkAsync(
            new Operation("bulk", alias) { BatchSize = () => body.Taken },
            $"{alias}/_bulk?{Parameters}",
            body.ToPostData(),
            ElasticsearchJson.Default.BulkAnswer,
            cancellationToken);
        var items = answer.Items ?? [];
        if (items.Count != body.Taken)
        {
            throw new InvalidDataException($"{connection.Address} answered for {items.Count} of {body.Taken} documents.");
        }

        // All are judged before one is filled in: an index that is gone has acknowledged nothing of use.
        IndexAnswer[] judged = [.. items.Select(item => BulkJudge.Of(item.Index, connection))];
        for (var i = 0; i < judged.Length; i++)
        {
            answers[first + i] = judged[i];
        }

        return judged.Length;
    }
}
