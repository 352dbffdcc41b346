using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ClickOrleans.Elasticsearch.Connection;
using ClickOrleans.Elasticsearch.Documents;
using ClickOrleans.Elasticsearch.Indices;
using ClickOrleans.Pipeline.Index;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Elasticsearch;

/// <summary>
/// The click index in Elasticsearch, behind an alias. The rollup's version is the document's external version, so that no
/// order of requests, retries and crashes puts an older document over a newer.
/// </summary>
public sealed partial class ElasticsearchIndex : IClickIndex
{
    private const int Page = 1000;
    private const int MostHits = 10_000;

    private readonly ElasticsearchClient _client;
    private readonly AliasedIndices _indices;
    private readonly BulkWriter _bulk;
    private readonly ILogger<ElasticsearchIndex> _logger;
    private volatile FoundIndex? _opened;

    internal ElasticsearchIndex(ElasticsearchClient client, ElasticsearchOptions options, ILogger<ElasticsearchIndex> logger)
    {
        _client = client;
        _indices = new AliasedIndices(client, options.Index);
        _bulk = new BulkWriter(client, options);
        _logger = logger;
    }

    public string Description => $"Elasticsearch index {Alias} at {_client.Address}";

    public string DatabaseSystem => "elasticsearch";

    /// <summary>Where the mapping differed from <c>mappings/elastic/click_events.json</c> when the index was last opened.</summary>
    public IReadOnlyList<MappingDifference> MappingDifferences { get; private set; } = [];

    public IReadOnlyList<string> Complaints => [.. MappingDifferences.Select(difference => $"mapping of {Alias}: {difference}")];

    private string Alias => _indices.Alias;

    public async Task<string> OpenAsync(CancellationToken cancellationToken)
    {
        var found = await _indices.FindOrCreateAsync(cancellationToken);
        var differences = MappingFile.Compare(found.Mappings);
        if (_opened?.Uuid != found.Uuid || !differences.SequenceEqual(MappingDifferences))
        {
            LogOpened(_client.Address, Alias, found.Name, found.Uuid);
            foreach (var difference in differences)
            {
                LogDifference(found.Name, difference);
            }
        }

        (_opened, MappingDifferences) = (found, differences);
        return found.Uuid;
    }

    /// <summary>Where the mapping differs from <c>mappings/elastic/click_events.json</c> now, field by field. Nothing is changed.</summary>
    public async Task<IReadOnlyList<MappingDifference>> CompareMappingAsync(CancellationToken cancellationToken) =>
        await _indices.FindAsync(cancellationToken) is { } found ? MappingFile.Compare(found.Mappings) : [];

    public async Task<IReadOnlyList<IndexAnswer>> UpsertAsync(
        IReadOnlyList<IndexDocument> documents, CancellationToken cancellationToken)
    {
        if (documents.Count == 0)
        {
            return [];
        }

        var opened = _opened ?? throw new InvalidOperationException("The index was not opened.");
        var isAlias = opened.Name != Alias;
        if (!isAlias && (await _indices.FindAsync(cancellationToken))?.Uuid != opened.Uuid)
        {
            // Behind an alias Elasticsearch sees to it; a bulk to a plain name would make an index without our mapping.
            throw new IndexGoneException($"The index {Alias} at {_client.Address} was deleted.");
        }

        return await _bulk.WriteAsync(Alias, isAlias, documents, cancellationToken);
    }

    public async Task<IReadOnlyList<IndexDocument>> SearchAsync(string query, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MostHits);
        var words = SearchWords.Distinct(query);
        return words.Count > SearchWords.MostInDocument
            ? []
            : await SearchAsync(SearchBody.ByWords(words, limit), cancellationToken);
    }

    public async Task<IReadOnlyList<IndexDocument?>> GetAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var documents = new List<IndexDocument?>(ids.Count);
        foreach (var chunk in ids.Chunk(Page))
        {
            var body = $"{{\"ids\":{JsonSerializer.Serialize<IReadOnlyList<string>>(chunk, ElasticsearchJson.Default.IReadOnlyListString)}}}";
            var answer = await _client.ReadAsync(
                HttpMethod.Post,
                $"{Alias}/_mget?filter_path=docs._id,docs._version,docs._source,docs.error.type,docs.error.reason",
                () => AliasedIndices.JsonBody(body),
                ElasticsearchJson.Default.DocumentsAnswer,
                cancellationToken);
            foreach (var found in answer.Docs ?? [])
            {
                documents.Add(found.Error is null ? found.Source?.ToDocument(found.Id, found.Version) : throw Failed(found.Error));
            }
        }

        return documents.Count == ids.Count
            ? documents
            : throw new InvalidDataException($"{_client.Address} answered for {documents.Count} of {ids.Count} ids.");
    }

    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        var answer = await _client.ReadAsync(
            HttpMethod.Get, $"{Alias}/_count", null, ElasticsearchJson.Default.CountAnswer, cancellationToken);
        ThrowIfFailed(answer.Shards);
        return answer.Count;
    }

    public async IAsyncEnumerable<IndexDocument> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        IndexDocument? last = null;
        while (true)
        {
            // A document's url and country never change, so paging behind them needs no frozen view of the index.
            var page = await SearchAsync(SearchBody.ByPage(last, Page), cancellationToken);
            foreach (var document in page)
            {
                yield return document;
            }

            if (page.Count < Page)
            {
                yield break;
            }

            last = page[^1];
        }
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<IReadOnlyList<IndexDocument>> SearchAsync(string body, CancellationToken cancellationToken)
    {
        // Half an answer (a shard missing) would be an answer with documents missing: an error is better.
        var answer = await _client.ReadAsync(
            HttpMethod.Post,
            $"{Alias}/_search?allow_partial_search_results=false&filter_path=hits.hits._id,hits.hits._version,hits.hits._source",
            () => AliasedIndices.JsonBody(body),
            ElasticsearchJson.Default.SearchAnswer,
            cancellationToken);
        return [.. (answer.Hits?.Hits ?? []).Select(hit => hit.Source!.ToDocument(hit.Id, hit.Version))];
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var answer = await _client.ReadAsync(
            HttpMethod.Post, $"{Alias}/_refresh", null, ElasticsearchJson.Default.ShardsAnswer, cancellationToken);
        ThrowIfFailed(answer.Shards);
    }

    private void ThrowIfFailed(Shards? shards)
    {
        if (shards is { Failed: > 0 })
        {
            throw Failed(new ErrorCause("shard_failure", string.Create(CultureInfo.InvariantCulture, $"{shards.Failed} shards failed")));
        }
    }

    private ElasticsearchException Failed(ErrorCause cause) =>
        new(HttpStatusCode.ServiceUnavailable, cause.Type, $"{_client.Address}: {cause.Type}: {cause.Reason}");

    [LoggerMessage(3001, LogLevel.Information, "Indexing into {Address}{Alias}: index {Index}, {Uuid}")]
    private partial void LogOpened(string address, string alias, string index, string uuid);

    [LoggerMessage(3002, LogLevel.Warning, "The mapping of index {Index} differs from mappings/elastic/click_events.json: {Difference}. "
        + "Nothing is changed; 'index rebuild' makes an index with the file's mapping")]
    private partial void LogDifference(string index, MappingDifference difference);
}
