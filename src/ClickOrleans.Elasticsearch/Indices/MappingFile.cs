using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClickOrleans.Elasticsearch.Indices;

/// <summary><c>mappings/elastic/click_events.json</c>: the settings and the mapping of the index.</summary>
internal static class MappingFile
{
    private const string Meta = "_meta";
    private static readonly string Text = Read();

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
        var differences = new List<MappingDifference>();
        CompareMembers("", file.RootElement.GetProperty("mappings"), mappings, differences);
        return differences;
    }

    private static void CompareMembers(string path, JsonElement expected, JsonElement actual, List<MappingDifference> differences)
    {
        var names = expected.EnumerateObject().Concat(actual.EnumerateObject())
            .Select(member => member.Name)
            .Distinct(StringComparer.Ordinal);
        foreach (var name in names.Where(name => name != Meta))
        {
            // Fields are named as in a document: the level 'properties' is left out.
            var field = name == "properties" ? path : path.Length == 0 ? name : $"{path}.{name}";
            var isExpected = expected.TryGetProperty(name, out var left);
            var isThere = actual.TryGetProperty(name, out var right);
            if (isExpected && isThere && left.ValueKind == JsonValueKind.Object && right.ValueKind == JsonValueKind.Object)
            {
                CompareMembers(field, left, right, differences);
            }
            else if (!isExpected || !isThere || left.ToString() != right.ToString())
            {
                differences.Add(new MappingDifference(field, isExpected ? Show(left) : null, isThere ? Show(right) : null));
            }
        }
    }

    private static string Show(JsonElement value) => JsonNode.Parse(value.GetRawText())!.ToJsonString().Trim('"');

    private static string Read()
    {
        using var resource = typeof(MappingFile).Assembly.GetManifestResourceStream("click_events.json")!;
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    }
}
