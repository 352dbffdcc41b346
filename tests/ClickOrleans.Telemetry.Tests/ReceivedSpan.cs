using System.Text.Json;

namespace ClickOrleans.Telemetry.Tests;

/// <summary>One exported span.</summary>
public sealed class ReceivedSpan(JsonElement record)
{
    public string Trace => Text("trace");

    public string Id => Text("span");

    /// <summary>Empty for a root.</summary>
    public string Parent => Text("parent");

    public string Name => Text("name");

    public string Kind => Text("kind");

    public string Service => Text("service");

    /// <summary>The source.</summary>
    public string Scope => Text("scope");

    public string Status => Text("status");

    public double Milliseconds => record.GetProperty("durationMs").GetDouble();

    /// <summary>The ids of the spans that it links to.</summary>
    public IReadOnlyList<string> Links =>
        [.. record.GetProperty("links").EnumerateArray().Select(link => link.GetProperty("span").GetString()!)];

    /// <summary>Null if the attribute is missing.</summary>
    public string? this[string attribute] =>
        record.GetProperty("attributes").TryGetProperty(attribute, out var value) ? value.ToString() : null;

    public override string ToString() => record.ToString();

    private string Text(string name) => record.GetProperty(name).GetString()!;
}
