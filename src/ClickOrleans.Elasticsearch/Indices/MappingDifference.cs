namespace ClickOrleans.Elasticsearch.Indices;

/// <summary>One place where the index's mapping is not what <c>mappings/elastic/click_events.json</c> says.</summary>
/// <param name="Field">The field, or its parameter: <c>url</c>, <c>url.type</c>, <c>dynamic</c>.</param>
/// <param name="Expected">What the file says; null: nothing.</param>
/// <param name="Actual">What the index says; null: nothing.</param>
/// <param name="IsAddition">
/// A field beside those of the file, such as a company's template or a person adds: it changes nothing of what is written and
/// searched here.
/// </param>
public sealed record MappingDifference(string Field, string? Expected, string? Actual, bool IsAddition = false)
{
    public override string ToString() => $"{Field} is {Actual ?? "missing"}, the file says {Expected ?? "nothing of it"}";
}
