using System.Text.Json;

namespace ClickOrleans.Elasticsearch.Indices;

/// <summary>An index as Elasticsearch describes it.</summary>
/// <param name="Uuid">Another one for an index deleted and made again under the same name.</param>
/// <param name="IsClosed">It can be neither read nor written until it is opened.</param>
internal sealed record FoundIndex(
    string Name, string Uuid, bool IsClosed, IReadOnlyList<string> Aliases, JsonElement Mappings)
{
    public static FoundIndex Read(JsonProperty member)
    {
        var index = member.Value;
        var settings = index.GetProperty("settings").GetProperty("index");
        return new FoundIndex(
            member.Name,
            settings.GetProperty("uuid").GetString()!,
            settings.TryGetProperty("verified_before_close", out var closed) && closed.GetString() == "true",
            index.TryGetProperty("aliases", out var aliases) ? [.. aliases.EnumerateObject().Select(alias => alias.Name)] : [],
            index.TryGetProperty("mappings", out var mappings) ? mappings.Clone() : default);
    }
}
