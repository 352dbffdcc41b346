using Npgsql;

namespace ClickOrleans.Postgres;

/// <summary>
/// Reads the store's connection string, in Npgsql's form (<c>Host=...;Username=...</c>) or as a URI
/// (<c>postgresql://user:password@host:5432/database?sslmode=require</c>). No error contains any part of a value.
/// </summary>
/// <remarks>
/// PGUSER, PGPASSWORD, PGPASSFILE and PGSSL* are honoured as Npgsql does. PGCLIENTENCODING and PGTZ are overridden: text is
/// exchanged in UTF-8 and times in UTC, whatever the environment says.
/// </remarks>
public static class PostgresConnectionString
{
    /// <summary>The configuration key, for messages.</summary>
    public const string Key = "ConnectionStrings:clickstream";

    private const string Utf8 = "UTF8";
    private const string Utc = "UTC";

    /// <exception cref="FormatException">
    /// The text is no connection string; the message names the key and never the value.
    /// </exception>
    public static NpgsqlConnectionStringBuilder Parse(string text)
    {
        text = text.Trim();
        var settings = PostgresUri.IsUri(text) ? PostgresUri.Parse(text) : ParsePairs(text);
        if (string.IsNullOrEmpty(settings.Host))
        {
            throw Invalid("it names no Host");
        }

        if (settings.ClientEncoding is { } encoding && !IsUtf8(encoding))
        {
            throw Invalid("Client Encoding must be UTF8");
        }

        settings.ClientEncoding = Utf8;
        settings.Timezone = Utc;
        return settings;
    }

    internal static FormatException Invalid(string reason) => new(
        $"{Key} is not a PostgreSQL connection string: {reason}. "
        + "Allowed are Host=...;Username=...;Password=...;Database=... and postgresql://user:password@host:5432/database.");

    private static NpgsqlConnectionStringBuilder ParsePairs(string text)
    {
        var settings = new NpgsqlConnectionStringBuilder();
        foreach (var (keyword, value) in Pairs(text))
        {
            Set(settings, keyword, value);
        }

        return settings;
    }

    /// <summary>Sets one keyword; a keyword that Npgsql does not know may be part of a secret, so it is not repeated.</summary>
    internal static void Set(NpgsqlConnectionStringBuilder settings, string keyword, string value)
    {
        if (!settings.ContainsKey(keyword))
        {
            throw Invalid("it has a keyword that Npgsql does not know");
        }

        try
        {
            settings[keyword] = value;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException)
        {
            throw Invalid($"the value of {keyword} is not allowed");
        }
    }

    private static IEnumerable<(string Keyword, string Value)> Pairs(string text)
    {
        System.Data.Common.DbConnectionStringBuilder pairs;
        try
        {
            pairs = new() { ConnectionString = text };
        }
        catch (ArgumentException)
        {
            throw Invalid("it is not a list of keyword=value pairs");
        }

        return pairs.Keys.Cast<string>().Select(keyword => (keyword, (string)pairs[keyword]));
    }

    private static bool IsUtf8(string encoding) =>
        encoding.Replace("-", "", StringComparison.Ordinal).Equals(Utf8, StringComparison.OrdinalIgnoreCase);
}
