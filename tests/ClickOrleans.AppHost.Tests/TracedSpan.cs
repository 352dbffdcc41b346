using System.Text.Json;

namespace ClickOrleans.AppHost.Tests;

/// <summary>A span as the Aspire dashboard returns it.</summary>
internal sealed record TracedSpan(string Trace, string Name, string Silo)
{
    /// <summary>All spans that the dashboard has of a name.</summary>
    public static async Task<IReadOnlyList<TracedSpan>> ReadAsync(HttpClient dashboard, string path)
    {
        using var answer = JsonDocument.Parse(await dashboard.GetStringAsync(new Uri(path, UriKind.Relative)));
        return
        [
            .. from resource in answer.RootElement.GetProperty("data").GetProperty("resourceSpans").EnumerateArray()
               let silo = Attribute(resource.GetProperty("resource"), "service.instance.id")
               from scope in resource.GetProperty("scopeSpans").EnumerateArray()
               from span in scope.GetProperty("spans").EnumerateArray()
               select new TracedSpan(span.GetProperty("traceId").GetString()!, span.GetProperty("name").GetString()!, silo),
        ];
    }

    private static string Attribute(JsonElement resource, string name) => resource.GetProperty("attributes").EnumerateArray()
        .Where(attribute => attribute.GetProperty("key").GetString() == name)
        .Select(attribute => attribute.GetProperty("value").GetProperty("stringValue").GetString()!)
        .Single();
}
