using System.Net;

namespace ClickOrleans.Silo.Configuration;

/// <summary>
/// Where the HTTP interface is bound when a platform says so and <c>ClickOrleans:Host</c> or <c>ClickOrleans:Port</c> does not: an Aspire
/// app host by <c>ASPNETCORE_URLS</c>, .NET's container images by <c>ASPNETCORE_HTTP_PORTS</c>, an Aspire publisher by <c>HTTP_PORTS</c>.
/// </summary>
internal static class PlatformAddress
{
    private const string HostKey = $"{SiloSettings.Section}:{nameof(SiloSettings.Host)}";
    private const string PortKey = $"{SiloSettings.Section}:{nameof(SiloSettings.Port)}";

    /// <summary>A port says nothing about the address: the server is meant to be reached from outside.</summary>
    private const string AnyAddress = "0.0.0.0";

    /// <summary>To be called before the settings are read.</summary>
    /// <exception cref="StartupException">The platform's addresses cannot be read, or are all HTTPS.</exception>
    public static void CompleteAddress(this ConfigurationManager configuration)
    {
        var urls = Given(configuration, "urls", "ASPNETCORE_URLS");
        var ports = Given(configuration, "http_ports", "ASPNETCORE_HTTP_PORTS");
        if (urls is null && ports is null)
        {
            return;
        }

        var (host, port) = urls is not null ? OfUrls(urls) : (AnyAddress, Entries(ports!)[0]);
        configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [HostKey] = configuration[HostKey] ?? host,
            [PortKey] = configuration[PortKey] ?? port,
        });
    }

    private static (string Host, string Port) OfUrls(string urls)
    {
        try
        {
            // What is not an address (+, *, a name) means every address, as it does for Kestrel.
            return Entries(urls).Select(BindingAddress.Parse).FirstOrDefault(url => url.Scheme == Uri.UriSchemeHttp) is { } address
                ? (address.Host == "localhost" || IPAddress.TryParse(address.Host, out _) ? address.Host.Trim('[', ']') : AnyAddress, $"{address.Port}")
                : throw new StartupException($"ASPNETCORE_URLS is '{urls}'; allowed is an http address: the silo serves HTTP, TLS ends in front of it.");
        }
        catch (FormatException fault)
        {
            throw new StartupException($"ASPNETCORE_URLS is '{urls}'; allowed is an http address, such as http://localhost:5080.", fault);
        }
    }

    private static string[] Entries(string list) => list.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>A web host's configuration knows the variable by its short name, a plain host's by the whole.</summary>
    private static string? Given(ConfigurationManager configuration, params string[] keys) =>
        keys.Select(key => configuration[key]).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));
}
