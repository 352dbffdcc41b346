using System.Text.Json;

namespace ClickOrleans.Elasticsearch.Indices;

/// <summary>An index as Elasticsearch describes it.</summary>
/// <param name="Uuid">Another one for an index deleted and made again under the same name.</param>
internal sealed record FoundIndex(string Name, string Uuid, IReadOnlyList<string> Aliases, JsonElement Mappings)
{
    public static FoundIndex Read(JsonProperty member)
    {
        var index = member.Value;
        return new FoundIndex(
            member.Name,
            index.GetProperty("settings").GetProperty("index").GetProperty("uuid").GetString()!,
            index.TryGetProperty("aliases", out var aliases) ? [.. aliases.EnumerateObject().Select(alias => alias.Name)] : [],
            index.TryGetProperty("mappings", out var mappings) ? mappings.Clone() : default);
    }
}
