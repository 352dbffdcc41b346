using System.Reflection;
using System.Text.RegularExpressions;

namespace ClickOrleans.Telemetry.Tests;

/// <summary>The tables of src/ClickOrleans.ServiceDefaults/README.md.</summary>
internal static partial class TelemetryTable
{
    private static string Text { get; } = Read();

    /// <summary>Name, type and unit.</summary>
    public static IReadOnlyList<(string Name, string Type, string Unit)> Metrics { get; } =
        [.. MetricRows().Select(row => (row[0], row[1], row[2]))];

    public static IReadOnlyDictionary<string, string> Meanings { get; } =
        MetricRows().ToDictionary(row => row[0], row => row[4]);

    /// <summary>Name and kind.</summary>
    public static IReadOnlyList<(string Name, string Kind)> Spans { get; } =
        [.. Rows().Where(row => row[1] is "producer" or "consumer" or "internal" or "client").Select(row => (row[0], row[1]))];

    private static IEnumerable<string[]> MetricRows() =>
        Rows().Where(row => row[0].StartsWith("clickstream.", StringComparison.Ordinal));

    private static IEnumerable<string[]> Rows() => RowPattern().Matches(Text)
        .Select(match => match.Value.Trim('|', '\r').Split('|').Select(cell => cell.Trim().Trim('`')).ToArray());

    private static string Read()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("telemetry.md")!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^\| `.*\|\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RowPattern();
}
