using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClickOrleans.Elasticsearch.Documents;

/// <summary>The bodies that the client does not know: documents, bulk responses, errors.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ClickEvent))]
[JsonSerializable(typeof(BulkAnswer))]
[JsonSerializable(typeof(StateDocument))]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(ErrorCause))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ElasticsearchJson : JsonSerializerContext;

internal sealed record ErrorBody(JsonElement Error);

internal sealed record ErrorCause(string? Type, string? Reason);

internal sealed record BulkAnswer(IReadOnlyList<BulkItem>? Items);

internal sealed record BulkItem(BulkItemResult? Index, BulkItemResult? Delete);

internal sealed record BulkItemResult(int Status, string? Result, ErrorCause? Error);

internal sealed record StateDocument(long Sequence, Guid Token, long Epoch);
