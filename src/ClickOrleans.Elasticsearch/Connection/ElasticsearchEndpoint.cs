using System.Data.Common;
using System.Text.RegularExpressions;
using ClickOrleans.Pipeline.Index;
using Elastic.Transport;
using Microsoft.Extensions.Configuration;

namespace ClickOrleans.Elasticsearch.Connection;

/// <summary>Where Elasticsearch is and with which credentials it is used.</summary>
/// <param name="Nodes">At least one, all http or all https; without credentials, ending in a slash.</param>
/// <param name="Authorization">Null: no credentials. A secret.</param>
/// <param name="Identity">The credentials' owner, without secrets, for messages: <c>the user 'elastic'</c>.</param>
internal sealed partial record ElasticsearchEndpoint(
    IReadOnlyList<Uri> Nodes, AuthorizationHeader? Authorization, string Identity)
{
    public bool UsesTls => Nodes[0].Scheme == Uri.UriSchemeHttps;

    public override string ToString() => string.Join(',', Nodes);

    /// <summary>The node of a host name; without a port where several nodes are on that host.</summary>
    public Uri NodeOf(string host)
    {
        Uri[] named = [.. Nodes.Where(node => string.Equals(node.IdnHost, host, StringComparison.OrdinalIgnoreCase))];
        return named.Length switch
        {
            0 => Nodes[0],
            1 => named[0],
            _ => new UriBuilder(named[0].Scheme, named[0].Host).Uri,
        };
    }

    /// <summary>
    /// Reads <c>https://user:password@host:9200</c> or <c>Endpoint=https://host:9200;Username=...;Password=...;ApiKey=...</c>; in
    /// both, the URLs of several nodes are separated by commas and one set of credentials is for all. Credentials that are not in
    /// it come from the options, then from <c>ELASTIC_API_KEY</c>, then from <c>ELASTIC_USERNAME</c> and <c>ELASTIC_PASSWORD</c>.
    /// </summary>
    /// <exception cref="IndexSetupException">
    /// It cannot be read. The message does not repeat it: it may hold a password.
    /// </exception>
    public static ElasticsearchEndpoint Parse(string connectionString, string? apiKey, IConfiguration configuration)
    {
        var (urls, user, password, key) = connectionString.Contains("://", StringComparison.Ordinal)
            && !connectionString.Contains("Endpoint=", StringComparison.OrdinalIgnoreCase)
            ? (connectionString, null, null, null)
            : ReadPairs(connectionString);
        var (nodes, urlUser, urlPassword) = ReadUrls(urls);
        (user, password) = user is null ? (urlUser, urlPassword) : (user, password);
        if (user is null && key is null)
        {
            key = NotEmpty(apiKey) ?? NotEmpty(configuration["ELASTIC_API_KEY"]);
            user = NotEmpty(configuration["ELASTIC_USERNAME"]);
            password = configuration["ELASTIC_PASSWORD"]?.TrimEnd('\r', '\n');
            if (user is null && !string.IsNullOrEmpty(password))
            {
                user = "elastic";
            }
        }

        return key is not null ? new(nodes, new ApiKey(Checked(key)), "the API key")
            : user is not null ? new(nodes, new BasicAuthentication(user, password ?? ""), $"the user '{user}'")
            : new(nodes, null, "no credentials");
    }

    private static (IReadOnlyList<Uri> Nodes, string? User, string? Password) ReadUrls(string urls)
    {
        var nodes = new List<Uri>();
        (string User, string? Password)? credentials = null;
        foreach (var url in Comma().Split(urls))
        {
            var (node, found) = ReadUrl(url);
            if (nodes.Count > 0 && node.Scheme != nodes[0].Scheme)
            {
                throw new IndexSetupException(
                    "ConnectionStrings:elasticsearch mixes http:// and https://: use one of them for all nodes.");
            }

            if (found is not null && credentials is not null && found != credentials)
            {
                throw new IndexSetupException(
                    "ConnectionStrings:elasticsearch has different credentials for its nodes: one set is for all.");
            }

            nodes.Add(node);
            credentials ??= found;
        }

        return ([.. nodes.Distinct()], credentials?.User, credentials?.Password);
    }

    private static (Uri Node, (string User, string? Password)? Credentials) ReadUrl(string url)
    {
        // Cut by hand: a password may hold characters that a URL would have to escape.
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        var at = url.LastIndexOf('@');
        (string, string?)? found = null;
        if (scheme > 0 && at > scheme)
        {
            var credentials = url[(scheme + 3)..at];
            url = url[..(scheme + 3)] + url[(at + 1)..];
            var colon = credentials.IndexOf(':', StringComparison.Ordinal);
            found = colon < 0
                ? (Uri.UnescapeDataString(credentials), null)
                : (Uri.UnescapeDataString(credentials[..colon]), Uri.UnescapeDataString(credentials[(colon + 1)..]));
        }

        return Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var node)
            && (node.Scheme == Uri.UriSchemeHttp || node.Scheme == Uri.UriSchemeHttps) && node.Host.Length > 0
            ? (node, found)
            : throw Unreadable();
    }

    private static (string Urls, string? User, string? Password, string? Key) ReadPairs(string connectionString)
    {
        try
        {
            var pairs = new DbConnectionStringBuilder { ConnectionString = connectionString };
            return (Get("Endpoint") ?? throw Unreadable(), Get("Username"), Text("Password"), Get("ApiKey"));

            string? Get(string name) => NotEmpty(Text(name));

            string? Text(string name) => pairs.TryGetValue(name, out var value) ? value.ToString() : null;
        }
        catch (ArgumentException)
        {
            throw Unreadable();
        }
    }

    private static string? NotEmpty(string? text) => text?.Trim() is { Length: > 0 } trimmed ? trimmed : null;

    private static string Checked(string key) => key.All(letter => letter is > ' ' and < '\x7f')
        ? key
        : throw new IndexSetupException(
            "The API key of Elasticsearch (ELASTIC_API_KEY, ClickOrleans:Elasticsearch:ApiKey or ApiKey=... in "
            + "ConnectionStrings:elasticsearch) holds a blank, a line break or another character that no API key has.");

    private static IndexSetupException Unreadable() => new(
        "ConnectionStrings:elasticsearch is neither a URL (https://host:9200), nor several separated by commas, "
        + "nor Endpoint=https://host:9200;Username=...;Password=...");

    /// <summary>Between two URLs only: a password may hold a comma.</summary>
    [GeneratedRegex(@"\s*,\s*(?=https?://)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Comma();
}
