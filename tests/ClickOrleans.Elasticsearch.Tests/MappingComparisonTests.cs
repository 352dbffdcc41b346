using System.Text.Json;
using System.Text.Json.Nodes;
using ClickOrleans.Elasticsearch.Indices;

namespace ClickOrleans.Elasticsearch.Tests;

/// <summary>What only adds to the mapping is told apart from what changes it.</summary>
public sealed class MappingComparisonTests
{
    [Theory]
    [InlineData("""{"properties":{"team":{"type":"keyword"}}}""", "team")]
    [InlineData("""{"runtime":{"host":{"type":"keyword"}}}""", "runtime")]
    [InlineData("""{"dynamic_templates":[]}""", "dynamic_templates")]
    [InlineData("""{"properties":{"url":{"fields":{"text":{"type":"text"}}}}}""", "url.fields")]
    [InlineData("""{"properties":{"url":{"meta":{"unit":"page"}}}}""", "url.meta")]
    public void An_addition(string added, string field) =>
        Assert.Equal((field, true), Assert.Single(Compare(added)) is var found ? (found.Field, found.IsAddition) : default);

    [Theory]
    [InlineData("""{"properties":{"url":{"index":false}}}""", "url.index")]
    [InlineData("""{"properties":{"url":{"ignore_above":16}}}""", "url.ignore_above")]
    [InlineData("""{"properties":{"clicks":{"type":"byte"}}}""", "clicks.type")]
    [InlineData("""{"runtime":{"clicks":{"type":"long"}}}""", "runtime")]
    [InlineData("""{"_source":{"enabled":false}}""", "_source.enabled")]
    [InlineData("""{"_routing":{"required":true}}""", "_routing")]
    [InlineData("""{"dynamic":"true"}""", "dynamic")]
    public void A_change(string changed, string field) =>
        Assert.Equal((field, false), Assert.Single(Compare(changed)) is var found ? (found.Field, found.IsAddition) : default);

    [Fact]
    public void What_the_file_has_and_the_index_has_not_is_a_change()
    {
        var mapping = Mapping();
        mapping["properties"]!.AsObject().Remove("words");

        Assert.False(Assert.Single(Compare(mapping)).IsAddition);
    }

    private static IReadOnlyList<MappingDifference> Compare(string merged)
    {
        var mapping = Mapping();
        Merge(mapping, JsonNode.Parse(merged)!.AsObject());
        return Compare(mapping);
    }

    private static IReadOnlyList<MappingDifference> Compare(JsonObject mapping) =>
        MappingFile.Compare(JsonSerializer.SerializeToElement(mapping));

    private static JsonObject Mapping() =>
        JsonNode.Parse(MappingFile.CreationBody("clicks"))!["mappings"]!.DeepClone().AsObject();

    private static void Merge(JsonObject target, JsonObject source)
    {
        foreach (var (name, value) in source)
        {
            if (value is JsonObject inner && target[name] is JsonObject there)
            {
                Merge(there, inner);
            }
            else
            {
                target[name] = value?.DeepClone();
            }
        }
    }
}
