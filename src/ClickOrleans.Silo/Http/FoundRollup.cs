using System.Text.Json;
using ClickOrleans.Pipeline.Index;

namespace ClickOrleans.Silo.Http;

/// <summary>A document as the search answers it, under the names it has in the index.</summary>
internal sealed record FoundRollup(
    string Url,
    string Country,
    long Clicks,
    long UniqueUsers,
    string AverageTime,
    long AverageTimeSeconds,
    DateTime FirstClick,
    DateTime LastClick,
    DateTime UpdatedAt)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static FoundRollup Of(IndexDocument document) => new(
        document.Url, document.Country, document.Clicks, document.UniqueUsers, document.AverageTime, document.AverageTimeSeconds,
        document.FirstClick, document.LastClick, document.UpdatedAt);
}
