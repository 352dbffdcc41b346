using System.Text.Json;

namespace ClickOrleans.Telemetry.Tests;

/// <summary>One exported metric.</summary>
public sealed class ReceivedMetric(JsonElement record)
{
    public string Name => record.GetProperty("name").GetString()!;

    public string Unit => record.GetProperty("unit").GetString()!;

    public string Scope => record.GetProperty("scope").GetString()!;

    public IReadOnlyList<JsonElement> Points => [.. record.GetProperty("points").EnumerateArray()];

    /// <summary>The value of the data point with this tag; null if there is none.</summary>
    public double? Value(string tag, string value) => Points
        .Where(point => point.GetProperty("attributes").TryGetProperty(tag, out var found) && found.ToString() == value)
        .Select(point => (double?)point.GetProperty("value").GetDouble())
        .FirstOrDefault();

    public override string ToString() => record.ToString();
}
