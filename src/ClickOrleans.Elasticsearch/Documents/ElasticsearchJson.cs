using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClickOrleans.Elasticsearch.Documents;

/// <summary>The bodies that go to Elasticsearch and come from it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ClickEvent))]
[JsonSerializable(typeof(BulkAnswer))]
[JsonSerializable(typeof(SearchAnswer))]
[JsonSerializable(typeof(DocumentsAnswer))]
[JsonSerializable(typeof(CountAnswer))]
[JsonSerializable(typeof(ShardsAnswer))]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(ErrorCause))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class ElasticsearchJson : JsonSerializerContext;

internal sealed record ErrorBody(JsonElement Error);

internal sealed record ErrorCause(string? Type, string? Reason);

internal sealed record BulkAnswer(IReadOnlyList<BulkItem>? Items);

internal sealed record BulkItem(BulkItemResult? Index);

internal sealed record BulkItemResult(int Status, ErrorCause? Error);

internal sealed record SearchAnswer(SearchHits? Hits);

internal sealed record SearchHits(IReadOnlyList<FoundDocument>? Hits);

internal sealed record DocumentsAnswer(IReadOnlyList<FoundDocument>? Docs);

internal sealed record FoundDocument(
    [property: JsonPropertyName("_id")] string Id,
    [property: JsonPropertyName("_version")] long Version,
    [property: JsonPropertyName("_source")] ClickEvent? Source,
    ErrorCause? Error);

internal sealed record CountAnswer(long Count, [property: JsonPropertyName("_shards")] Shards? Shards);

internal sealed record ShardsAnswer([property: JsonPropertyName("_shards")] Shards? Shards);

internal sealed record Shards(int Failed);
