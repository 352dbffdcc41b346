using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using ClickOrleans.Elasticsearch.Connection;
using ClickOrleans.Elasticsearch.Documents;
using ClickOrleans.Elasticsearch.Indices;
using ClickOrleans.Pipeline.Index;
using Elastic.Clients.Elasticsearch;
using Elastic.Clients.Elasticsearch.Core.Get;
using Elastic.Clients.Elasticsearch.Core.MGet;
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

    private readonly ElasticsearchConnection _connection;
    private readonly AliasedIndices _indices;
    private readonly BulkWriter _bulk;
    private readonly BulkDeletion _deletion;
    private readonly StateIndex _state;
    private readonly ILogger<ElasticsearchIndex> _logger;
    private volatile FoundIndex? _opened;

    internal ElasticsearchIndex(
        ElasticsearchConnection connection, ElasticsearchOptions options, ILogger<ElasticsearchIndex> logger)
    {
        _connection = connection;
        _indices = new AliasedIndices(connection, options.Index);
        _bulk = new BulkWriter(connection, options);
        _deletion = new BulkDeletion(connection, options);
        _state = new StateIndex(connection, _indices);
        _logger = logger;
    }

    public string Description => $"Elasticsearch index {Alias} at {_connection.Address}";

    public string DatabaseSystem => "elasticsearch";

    /// <summary>
    /// Where the mapping differed from <c>mappings/elastic/click_events.json</c> when the index was last opened.
    /// </summary>
    public IReadOnlyList<MappingDifference> MappingDifferences { get; private set; } = [];

    public IReadOnlyList<string> Complaints =>
        [.. MappingDifferences.Where(difference => !difference.IsAddition)
            .Select(difference => $"mapping of {Alias}: {difference}")];

    private string Alias => _indices.Alias;

    public async Task<string> OpenAsync(CancellationToken cancellationToken)
    {
        var found = await _indices.FindOrCreateAsync(cancellationToken);
        var differences = MappingFile.Compare(found.Mappings);
        if (_opened?.Uuid != found.Uuid || !differences.SequenceEqual(MappingDifferences))
        {
            LogOpened(_connection.Address, Alias, found.Name, found.Uuid);
            foreach (var difference in differences)
            {
                LogDifference(found.Name, difference);
            }
        }

        (_opened, MappingDifferences) = (found, differences);
        return found.Uuid;
    }

    /// <summary>
    /// Where the mapping differs from <c>mappings/elastic/click_events.json</c> now, field by field. Nothing is changed.
    /// </summary>
    public async Task<IReadOnlyList<MappingDifference>> CompareMappingAsync(CancellationToken cancellationToken) =>
        await _indices.FindAsync(cancellationToken) is { } found ? MappingFile.Compare(found.Mappings) : [];

    public async Task<IReadOnlyList<IndexAnswer>> UpsertAsync(
        IReadOnlyList<IndexDocument> documents, CancellationToken cancellationToken)
    {
        if (documents.Count == 0)
        {
            return [];
        }

        return await _bulk.WriteAsync(WriteAlias(), documents, cancellationToken);
    }

    public Task DeleteAsync(IReadOnlyList<IndexDocument> documents, CancellationToken cancellationToken) =>
        _deletion.DeleteAsync(WriteAlias(), documents, cancellationToken);

    public Task<IndexState?> ReadStateAsync(CancellationToken cancellationToken) => _state.ReadAsync(cancellationToken);

    public Task<bool> WriteStateAsync(IndexState state, CancellationToken cancellationToken) =>
        _state.WriteAsync(state, cancellationToken);

    public async Task<IReadOnlyList<IndexDocument>> SearchAsync(string query, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MostHits);
        var words = SearchWords.Distinct(query);
        return words.Count > SearchWords.MostInDocument
            ? []
            : await SearchAsync(SearchRequests.ByWords(Alias, words, limit), cancellationToken);
    }

    public async Task<IReadOnlyList<IndexDocument?>> GetAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var documents = new List<IndexDocument?>(ids.Count);
        foreach (var chunk in ids.Chunk(Page))
        {
            var request = new MultiGetRequest(Alias) { Ids = new Ids(chunk) };
            var response = await _connection.ReadAsync(
                new Operation("mget", Alias),
                (client, token) => client.MultiGetAsync<ClickEvent>(request, token),
                cancellationToken);
            documents.AddRange((response.Docs ?? throw Incomplete("docs")).Select(
                item => item.Match(found => Document(found!), error => throw Failure(error!))));
        }

        return documents.Count == ids.Count
            ? documents
            : throw new InvalidDataException($"{_connection.Address} answered for {documents.Count} of {ids.Count} ids.");
    }

    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        var response = await _connection.ReadAsync(
            new Operation("count", Alias),
            (client, token) => client.CountAsync(new CountRequest(Alias), token),
            cancellationToken);
        ThrowIfFailed((response.Shards ?? throw Incomplete("_shards")).Failed);
        return response.Count;
    }

    public async IAsyncEnumerable<IndexDocument> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        IndexDocument? last = null;
        while (true)
        {
            // A document's url and country never change, so paging behind them needs no frozen view of the index.
            var page = await SearchAsync(SearchRequests.ByPage(Alias, last, Page), cancellationToken);
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
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private string WriteAlias() =>
        _indices.WriteAliasOf(_opened ?? throw new InvalidOperationException("The index was not opened."));

    private async Task<IReadOnlyList<IndexDocument>> SearchAsync(SearchRequest request, CancellationToken cancellationToken)
    {
        var response = await _connection.ReadAsync(
            new Operation("search", Alias), (client, token) => client.SearchAsync<ClickEvent>(request, token), cancellationToken);
        var hits = response.HitsMetadata?.Hits ?? throw Incomplete("hits");
        return [.. hits.Select(hit => Document(hit.Source, hit.Id, hit.Version))];
    }

    private async Task RefreshAsync(CancellationToken cancellationToken) =>
        ThrowIfFailed(await _indices.RefreshAsync(Alias, cancellationToken));

    private void ThrowIfFailed(int shards)
    {
        if (shards > 0)
        {
            throw Failure("shard_failure", string.Create(CultureInfo.InvariantCulture, $"{shards} shards failed"));
        }
    }

    private IndexDocument? Document(GetResult<ClickEvent> result) =>
        result.Found ? Document(result.Source, result.Id, result.Version) : null;

    private IndexDocument Document(ClickEvent? source, string? id, long? version) =>
        source is not null && id is not null && version is not null
            ? source.ToDocument(id, version.Value)
            : throw new InvalidDataException(
                $"{_connection.Address}: documents of {Alias} come without their source: is _source disabled in the mapping?");

    private InvalidDataException Incomplete(string member) =>
        new($"{_connection.Address} does not answer as Elasticsearch does: '{member}' is missing.");

    private ElasticsearchException Failure(MultiGetError item) => Failure(item.Error.Type, item.Error.Reason);

    private ElasticsearchException Failure(string? type, string? reason) =>
        new(HttpStatusCode.ServiceUnavailable, type, $"{_connection.Address}: {type}: {reason}");

    [LoggerMessage(3001, LogLevel.Information, "Indexing into {Address}{Alias}: index {Index}, {Uuid}")]
    private partial void LogOpened(string address, string alias, string index, string uuid);

    [LoggerMessage(3002, LogLevel.Warning,
        "The mapping of index {Index} differs from mappings/elastic/click_events.json: {Difference}. "
        + "Nothing is changed; 'index rebuild' makes an index with the file's mapping")]
    private partial void LogDifference(string index, MappingDifference difference);
}
