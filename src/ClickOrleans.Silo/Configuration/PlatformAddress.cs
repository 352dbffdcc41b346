using System.Net;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Control;

namespace ClickOrleans.Silo.Configuration;

/// <summary>
/// Where the HTTP interface is bound when a platform says so and <c>ClickOrleans:Host</c> or <c>ClickOrleans:Port</c> does not:
/// an Aspire
/// app host by <c>ASPNETCORE_URLS</c>, .NET's container images by <c>ASPNETCORE_HTTP_PORTS</c>, an Aspire publisher by
/// <c>HTTP_PORTS</c>.
/// </summary>
internal static class PlatformAddress
{
    private const string HostKey = $"{HttpOptions.Section}:{nameof(HttpOptions.Host)}";
    private const string PortKey = $"{HttpOptions.Section}:{nameof(HttpOptions.Port)}";

    /// <summary>A port says nothing about the address: the server is meant to be reached from outside.</summary>
    private const string AnyAddress = "0.0.0.0";

    /// <summary>To be called before the options are read.</summary>
    /// <exception cref="StartupException">The platform's addresses cannot be read, or are all HTTPS.</exception>
    public static void CompleteAddress(this IConfigurationManager configuration)
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
            var addresses = Entries(urls).Select(BindingAddress.Parse);
            return addresses.FirstOrDefault(url => url.Scheme == Uri.UriSchemeHttp) is { } address
                ? (HostOf(address), $"{address.Port}")
                : throw NotAllowed(urls, "http addresses: the silo serves HTTP, TLS ends in front of it");
        }
        catch (FormatException)
        {
            throw NotAllowed(urls, "http addresses, such as http://localhost:5080");
        }
    }

    /// <summary>What is not an address (+, *, a name) means every address, as it does for Kestrel.</summary>
    private static string HostOf(BindingAddress address) =>
        address.Host == "localhost" || IPAddress.TryParse(address.Host, out _) ? address.Host.Trim('[', ']') : AnyAddress;

    private static StartupException NotAllowed(string urls, string allowed) =>
        new(ValidationError.NotAllowed("ASPNETCORE_URLS", urls, allowed).Message);

    private static string[] Entries(string list) =>
        list.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>A web host's configuration knows the variable by its short name, a plain host's by the whole.</summary>
    private static string? Given(IConfiguration configuration, params string[] keys) =>
        keys.Select(key => configuration[key]).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));
}
