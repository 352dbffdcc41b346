using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClickOrleans.Elasticsearch.Indices;

/// <summary><c>mappings/elastic/click_events.json</c>: the settings and the mapping of the index.</summary>
internal static class MappingFile
{
    private const string Meta = MappingComparison.Meta;
    private static readonly string Text = Read("click_events.json");

    /// <summary>The body of the request that makes an index.</summary>
    /// <param name="alias">The alias it is to have from the start.</param>
    /// <param name="mark">Says in the mapping's <c>_meta</c> what the index is for; null: nothing special.</param>
    public static string CreationBody(string alias, string? mark = null)
    {
        var body = JsonNode.Parse(Text)!;
        body["aliases"] = new JsonObject { [alias] = new JsonObject() };
        if (mark is not null)
        {
            body["mappings"]![Meta] = new JsonObject { [mark] = true };
        }

        return body.ToJsonString();
    }

    public static bool IsMarked(JsonElement mappings, string mark) =>
        mappings.TryGetProperty(Meta, out var meta) && meta.TryGetProperty(mark, out _);

    /// <summary>Every difference between the file and an index's mapping, field by field.</summary>
    public static IReadOnlyList<MappingDifference> Compare(JsonElement mappings)
    {
        using var file = JsonDocument.Parse(Text);
        return MappingComparison.Compare(file.RootElement.GetProperty("mappings"), mappings);
    }

    /// <summary>The text of a file of <c>mappings/elastic</c>.</summary>
    public static string Read(string name)
    {
        using var resource = typeof(MappingFile).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    }
}
