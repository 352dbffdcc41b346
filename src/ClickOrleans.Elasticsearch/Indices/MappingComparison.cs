using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClickOrleans.Elasticsearch.Indices;

/// <summary>Compares two mappings member by member.</summary>
internal static class MappingComparison
{
    public const string Meta = "_meta";

    private const string Properties = "properties";
    private const string Runtime = "runtime";

    /// <summary>
    /// What says how fields are added that are not mapped yet, and how a field is searched besides: none of it concerns what is
    /// mapped already.
    /// </summary>
    private static readonly HashSet<string> Harmless =
        ["date_detection", "dynamic_date_formats", "dynamic_templates", "fields", "meta", "numeric_detection"];

    public static IReadOnlyList<MappingDifference> Compare(JsonElement expected, JsonElement actual)
    {
        var differences = new List<MappingDifference>();
        var fields = expected.GetProperty(Properties);
        CompareMembers("", isFields: false, expected, actual);
        return differences;

        void CompareMembers(string path, bool isFields, JsonElement left, JsonElement right)
        {
            foreach (var name in Names(left, right))
            {
                var isExpected = left.TryGetProperty(name, out var file);
                var isThere = right.TryGetProperty(name, out var index);

                // Fields are named as in a document: the level 'properties' is left out.
                var field = !isFields && name == Properties ? path : path.Length == 0 ? name : $"{path}.{name}";
                if (isExpected && isThere && IsObject(file) && IsObject(index))
                {
                    CompareMembers(field, !isFields && name == Properties, file, index);
                }
                else if (!isExpected || !isThere || file.ToString() != index.ToString())
                {
                    var isAddition = !isExpected
                        && (isFields || Harmless.Contains(name) || (name == Runtime && !Names(index).Any(Has(fields))));
                    differences.Add(new MappingDifference(
                        field, isExpected ? Show(file) : null, isThere ? Show(index) : null, isAddition));
                }
            }
        }
    }

    private static IEnumerable<string> Names(params JsonElement[] objects) => objects
        .SelectMany(members => members.EnumerateObject())
        .Select(member => member.Name)
        .Where(name => name != Meta)
        .Distinct(StringComparer.Ordinal);

    /// <summary>A runtime field of the same name hides the mapped one from searches.</summary>
    private static Func<string, bool> Has(JsonElement fields) => name => fields.TryGetProperty(name, out _);

    private static bool IsObject(JsonElement value) => value.ValueKind == JsonValueKind.Object;

    private static string Show(JsonElement value) => JsonNode.Parse(value.GetRawText())!.ToJsonString().Trim('"');
}
