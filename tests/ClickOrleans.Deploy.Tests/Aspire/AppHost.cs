using System.Text.RegularExpressions;

namespace ClickOrleans.Deploy.Tests.Aspire;

/// <summary>What the app host says, read from its text: it is built with packages that the solution does without.</summary>
internal static partial class AppHost
{
    public static string Text { get; } = Repository.Read("aspire", "apphost.cs");

    /// <summary>Resources that a silo is given by reference, each a connection string of that name.</summary>
    public static IReadOnlySet<string> References => Reference().Matches(Silo).Select(match => Names[match.Groups[1].Value]).ToHashSet();

    /// <summary>Literal variables and their values; a constant is given by its name.</summary>
    public static IReadOnlyList<(string Name, string Value)> Variables =>
        [.. Environment().Matches(Text).Select(match => (match.Groups[1].Value, match.Groups[2].Value.Trim('"')))];

    /// <summary>Method, path and body of each HTTP command.</summary>
    public static IReadOnlyList<(string Name, string Path, int? Consumers)> HttpCommands => [.. HttpCommand().Matches(Text).Select(match =>
        (match.Groups[2].Value, match.Groups[1].Value, ConsumersOf(match.Groups[3].Value)))];

    public static string HealthPath => HealthCheck().Match(Silo).Groups[1].Value;

    public static int Replicas => int.Parse(Constant("Silos"));

    /// <summary>The provider that the app host's own provider class names for each of Orleans' sections.</summary>
    public static IReadOnlyDictionary<string, string> Provider => ProviderSetting().Matches(Text)
        .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value is "database.Resource.Name" ? "clickstream" : match.Groups[2].Value.Trim('"'));

    /// <summary>The statement that makes the silo.</summary>
    private static string Silo => Text[Text.IndexOf("var silo =", StringComparison.Ordinal)..Text.IndexOf("if (isRun)", StringComparison.Ordinal)];

    /// <summary>Variable to resource name.</summary>
    private static Dictionary<string, string> Names => Declaration().Matches(Text)
        .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    public static string Constant(string name) => Regex.Match(Text, $"""const \w+ {name} = "?([^";]+)"?;""").Groups[1].Value;

    private static int? ConsumersOf(string arguments) =>
        ConsumerCount().Match(arguments) is { Success: true } match
            ? match.Groups[1].Value == "Silos" ? Replicas : int.Parse(match.Groups[1].Value)
            : null;

    [GeneratedRegex(@"\.WithReference\((\w+)\)\.WaitFor\(\1\)")]
    private static partial Regex Reference();

    [GeneratedRegex("""\.WithEnvironment\("(\w+)", ([^)]+)\)""")]
    private static partial Regex Environment();

    [GeneratedRegex("""\.WithHttpCommand\("([^"]+)", "([^"]+)",(.*?)(?=\n    \.|\);)""", RegexOptions.Singleline)]
    private static partial Regex HttpCommand();

    [GeneratedRegex("""\.WithHttpHealthCheck\("([^"]+)", endpointName: "http"\)""")]
    private static partial Regex HealthCheck();

    [GeneratedRegex("""\$"Orleans__\{configSectionPath\}__(\w+)", ([^)]+)\)""")]
    private static partial Regex ProviderSetting();

    [GeneratedRegex("""var (\w+) = builder\.Add(?:Kafka|Elasticsearch|Postgres)\((?:"(\w+)"[^;]*?)(?:\.AddDatabase\("(?<2>\w+)"\))?;""")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"Consumers\(\s*(\w+),")]
    private static partial Regex ConsumerCount();
}
