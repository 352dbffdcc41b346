using ClickOrleans.Pipeline.Index;
using Elastic.Clients.Elasticsearch;
using Elastic.Clients.Elasticsearch.QueryDsl;

namespace ClickOrleans.Elasticsearch.Documents;

/// <summary>Search requests. Keywords sort by their UTF-8 bytes, which is code point order.</summary>
internal static class SearchRequests
{
    /// <summary>The documents with all of the words, most clicks first, then by url and country.</summary>
    public static SearchRequest ByWords(string alias, IReadOnlyList<string> words, int limit)
    {
        var request = Of(alias, limit);
        request.Sort = [By("clicks", SortOrder.Desc), By("url"), By("country")];
        if (words.Count > 0)
        {
            request.Query = new BoolQuery { Filter = [.. words.Select(word => (Query)new TermQuery("words", word))] };
        }

        return request;
    }

    /// <summary>The documents behind <paramref name="last"/> by url and country.</summary>
    public static SearchRequest ByPage(string alias, IndexDocument? last, int limit)
    {
        var request = Of(alias, limit);
        request.Sort = [By("url"), By("country")];
        if (last is not null)
        {
            request.SearchAfter = [last.Url, last.Country];
        }

        return request;
    }

    // Half an answer (a shard missing) would be an answer with documents missing: an error is better.
    private static SearchRequest Of(string alias, int limit) => new(alias)
    {
        AllowPartialSearchResults = false,
        Size = limit,
        TrackTotalHits = false,
        Version = true,
    };

    private static SortOptions By(string field, SortOrder order = SortOrder.Asc) => new FieldSort(field) { Order = order };
}
