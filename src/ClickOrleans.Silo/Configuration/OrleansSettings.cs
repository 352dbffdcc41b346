using System.Globalization;
using System.Net;
using ClickOrleans.Pipeline.Control;

namespace ClickOrleans.Silo.Configuration;

/// <summary>
/// The keys of the section <c>Orleans</c> that Orleans ignores where it cannot read them, or fails on late: an address that is a
/// host name, a port that is a word, a provider that does not exist.
/// </summary>
internal static class OrleansSettings
{
    private const string Section = "Orleans";
    private const string Endpoints = $"{Section}:Endpoints";

    /// <summary>What a value is checked against, in the words of the error.</summary>
    private static readonly Dictionary<string, (string Allowed, Func<string, bool> IsRight)> Rules =
        new(StringComparer.OrdinalIgnoreCase)
        {
            [$"{Endpoints}:AdvertisedIPAddress"] = ("IP addresses of one host", IsHostAddress),
            [$"{Endpoints}:SiloPort"] = ("1 to 65535", text => IsPort(text, 1)),
            [$"{Endpoints}:GatewayPort"] = ("0 to 65535", text => IsPort(text, 0)),
            [$"{Endpoints}:SiloListeningEndpoint"] = ("addresses with a port, such as 0.0.0.0:11111", IsEndpoint),
            [$"{Endpoints}:GatewayListeningEndpoint"] = ("addresses with a port, such as 0.0.0.0:30000", IsEndpoint),
            [$"{Section}:EnableDistributedTracing"] = ("true and false", text => bool.TryParse(text, out _)),
            [$"{Section}:Clustering:ProviderType"] = ("AdoNet, Development", text => text is "AdoNet" or "Development"),
            [$"{Section}:Reminders:ProviderType"] = ("AdoNet, Memory", text => text is "AdoNet" or "Memory"),
            [$"{Section}:GrainStorage:Default:ProviderType"] = ("AdoNet, Memory", text => text is "AdoNet" or "Memory"),
            [$"{Section}:Clustering:Invariant"] = ("Npgsql", IsNpgsql),
            [$"{Section}:Reminders:Invariant"] = ("Npgsql", IsNpgsql),
            [$"{Section}:GrainStorage:Default:Invariant"] = ("Npgsql", IsNpgsql),
            [$"{Section}:ClusterId"] = ("texts of at most 150 letters", IsName),
            [$"{Section}:ServiceId"] = ("texts of at most 150 letters", IsName),
            [$"{Section}:Name"] = ("texts of at most 150 letters", IsName),
        };

    public static IEnumerable<ValidationError> Check(IConfiguration configuration)
    {
        foreach (var (key, rule) in Rules)
        {
            if (configuration[key] is { Length: > 0 } text && !rule.IsRight(text))
            {
                yield return ValidationError.NotAllowed(key, text, rule.Allowed);
            }
        }

        foreach (var child in configuration.GetSection(Endpoints).GetChildren().Where(child => !Rules.ContainsKey(child.Path)))
        {
            yield return ValidationError.Unknown(child.Path, Rules.Keys);
        }
    }

    private static bool IsHostAddress(string text) =>
        IPAddress.TryParse(text, out var address)
        && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) && !address.Equals(IPAddress.None);

    private static bool IsEndpoint(string text) => IPEndPoint.TryParse(text, out var endpoint) && endpoint.Port > 0;

    private static bool IsPort(string text, int lowest) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port >= lowest && port <= 65535;

    private static bool IsNpgsql(string text) => text == "Npgsql";

    /// <summary>As long as the columns of the cluster's tables.</summary>
    private static bool IsName(string text) => text.Length <= 150;
}
