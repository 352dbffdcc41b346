using System.Collections.Frozen;
using Npgsql;

namespace ClickOrleans.Postgres;

/// <summary>
/// A connection URI as libpq reads it:
/// <c>postgresql://[user[:password]@][host[:port][,...]][/database][?parameter=value[&amp;...]]</c>. Reference: PostgreSQL
/// documentation, "Connection URIs" and "Parameter Key Words" (libpq-connect).
/// </summary>
internal static class PostgresUri
{
    private static readonly string[] Schemes = ["postgresql://", "postgres://"];

    /// <summary>libpq's parameters, by Npgsql's keyword.</summary>
    private static readonly FrozenDictionary<string, string> Keywords = new Dictionary<string, string>
    {
        ["host"] = "Host",
        ["port"] = "Port",
        ["dbname"] = "Database",
        ["user"] = "Username",
        ["password"] = "Password",
        ["passfile"] = "Passfile",
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password",
        ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name",
        ["target_session_attrs"] = "Target Session Attributes",
        ["channel_binding"] = "Channel Binding",
        ["client_encoding"] = "Client Encoding",
        ["options"] = "Options",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static bool IsUri(string text) => Scheme(text) is not null;

    /// <exception cref="PostgresConnectionString.Malformed">It cannot be read; the message has no part of a value.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string text)
    {
        var rest = text[Scheme(text)!.Length..];
        var query = Cut(ref rest, '?');
        var path = Cut(ref rest, '/');
        if (path.AsSpan().ContainsAny('@', '/'))
        {
            // Most likely a part of the password, which must not be taken for a name that is shown.
            throw new PostgresConnectionString.Malformed(
                "the URI has '@' or '/' behind the host; in a user, a password or a database they are written as %40 and %2F");
        }

        var (user, hosts) = rest.LastIndexOf('@') is var at and >= 0 ? (rest[..at], rest[(at + 1)..]) : ("", rest);
        var password = Cut(ref user, ':');

        var settings = new NpgsqlConnectionStringBuilder();
        Set(settings, "Host", Decode(hosts));
        Set(settings, "Username", Decode(user));
        Set(settings, "Password", Decode(password));
        Set(settings, "Database", Decode(path));
        foreach (var parameter in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var value = parameter;
            var name = value.Split('=', 2)[0];
            value = value.Length > name.Length ? value[(name.Length + 1)..] : "";
            if (!Keywords.TryGetValue(Decode(name), out var keyword))
            {
                throw new PostgresConnectionString.Malformed("the URI has a parameter that is not supported");
            }

            Set(settings, keyword, Enumeration(keyword, Decode(value)));
        }

        return settings;
    }

    private static void Set(NpgsqlConnectionStringBuilder settings, string keyword, string value)
    {
        if (value.Length > 0)
        {
            PostgresConnectionString.Set(settings, keyword, value);
        }
    }

    /// <summary>
    /// libpq writes <c>verify-full</c> and <c>read-write</c>, Npgsql <c>VerifyFull</c> and, for sessions, the same as libpq.
    /// </summary>
    private static string Enumeration(string keyword, string value) =>
        keyword is "SSL Mode" ? value.Replace("-", "", StringComparison.Ordinal) : value;

    /// <summary>Takes what follows the separator off the text.</summary>
    private static string Cut(ref string text, char separator)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        if (at < 0)
        {
            return "";
        }

        var behind = text[(at + 1)..];
        text = text[..at];
        return behind;
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text);

    private static string? Scheme(string text) =>
        Array.Find(Schemes, scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));
}
