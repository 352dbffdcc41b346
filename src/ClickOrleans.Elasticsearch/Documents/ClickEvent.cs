using System.Text.Json.Serialization;
using ClickOrleans.Pipeline.Index;

namespace ClickOrleans.Elasticsearch.Documents;

/// <summary>A document as Elasticsearch gets it. Its id and version travel beside it.</summary>
/// <param name="Words">
/// The words that search compares. Cut here and not by an analyzer, so that every index and every version of Unicode finds the
/// same; the mapping keeps them out of the stored document.
/// </param>
internal sealed record ClickEvent(
    string Url,
    string Country,
    long Clicks,
    long UniqueUsers,
    string AverageTime,
    long AverageTimeSeconds,
    DateTime FirstClick,
    DateTime LastClick,
    DateTime UpdatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Words)
{
    public static ClickEvent From(IndexDocument document) => new(
        document.Url,
        document.Country,
        document.Clicks,
        document.UniqueUsers,
        document.AverageTime,
        document.AverageTimeSeconds,
        document.FirstClick,
        document.LastClick,
        document.UpdatedAt,
        SearchWords.Distinct($"{document.Url} {document.Country}"));

    public IndexDocument ToDocument(string id, long version) => new(
        id, version, Url, Country, Clicks, UniqueUsers, AverageTime, AverageTimeSeconds, FirstClick, LastClick, UpdatedAt);
}
