using System.Data.Common;
using System.Net.Http.Headers;
using System.Text;
using ClickOrleans.Pipeline.Index;
using Microsoft.Extensions.Configuration;

namespace ClickOrleans.Elasticsearch.Connection;

/// <summary>Where Elasticsearch is and as whom it is spoken to.</summary>
/// <param name="Address">Without credentials, ending in a slash.</param>
/// <param name="Authorization">Null: no credentials. A secret.</param>
/// <param name="Identity">As whom, without secrets, for messages: <c>the user 'elastic'</c>.</param>
internal sealed record ElasticsearchEndpoint(Uri Address, AuthenticationHeaderValue? Authorization, string Identity)
{
    public override string ToString() => Address.ToString();

    /// <summary>
    /// Reads <c>https://user:password@host:9200</c> or <c>Endpoint=https://host:9200;Username=...;Password=...;ApiKey=...</c>.
    /// Credentials that are not in it come from the options, then from <c>ELASTIC_API_KEY</c>, then from
    /// <c>ELASTIC_USERNAME</c> and <c>ELASTIC_PASSWORD</c>.
    /// </summary>
    /// <exception cref="IndexSetupException">It cannot be read. The message does not repeat it: it may hold a password.</exception>
    public static ElasticsearchEndpoint Parse(string connectionString, string? apiKey, IConfiguration configuration)
    {
        var (url, user, password, key) = connectionString.Contains("://", StringComparison.Ordinal)
            && !connectionString.Contains("Endpoint=", StringComparison.OrdinalIgnoreCase)
            ? (connectionString, null, null, null)
            : ReadPairs(connectionString);
        var (address, urlUser, urlPassword) = ReadUrl(url);
        (user, password) = user is null ? (urlUser, urlPassword) : (user, password);
        if (user is null && key is null)
        {
            key = NotEmpty(apiKey) ?? NotEmpty(configuration["ELASTIC_API_KEY"]);
            (user, password) = (NotEmpty(configuration["ELASTIC_USERNAME"]), configuration["ELASTIC_PASSWORD"]);
            if (user is null && !string.IsNullOrEmpty(password))
            {
                user = "elastic";
            }
        }

        return key is not null ? new(address, new AuthenticationHeaderValue("ApiKey", key), "the API key")
            : user is not null ? new(address, Basic(user, password ?? ""), $"the user '{user}'")
            : new(address, null, "no credentials");
    }

    private static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    private static (Uri Address, string? User, string? Password) ReadUrl(string url)
    {
        // Cut by hand: a password may hold characters that a URL would have to escape.
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        var at = url.LastIndexOf('@');
        string? user = null, password = null;
        if (scheme > 0 && at > scheme)
        {
            var credentials = url[(scheme + 3)..at];
            url = url[..(scheme + 3)] + url[(at + 1)..];
            var colon = credentials.IndexOf(':', StringComparison.Ordinal);
            user = Uri.UnescapeDataString(colon < 0 ? credentials : credentials[..colon]);
            password = colon < 0 ? null : Uri.UnescapeDataString(credentials[(colon + 1)..]);
        }

        return Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps) && address.Host.Length > 0
            ? (address, user, password)
            : throw Unreadable();
    }

    private static (string Url, string? User, string? Password, string? Key) ReadPairs(string connectionString)
    {
        try
        {
            var pairs = new DbConnectionStringBuilder { ConnectionString = connectionString };
            return (Get("Endpoint") ?? throw Unreadable(), Get("Username"), Get("Password"), Get("ApiKey"));

            string? Get(string name) => pairs.TryGetValue(name, out var value) ? NotEmpty(value?.ToString()) : null;
        }
        catch (ArgumentException)
        {
            throw Unreadable();
        }
    }

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static IndexSetupException Unreadable() => new(
        "ConnectionStrings:elasticsearch is neither a URL (https://host:9200) nor Endpoint=https://host:9200;Username=...;Password=...");
}
