using Npgsql;

namespace ClickOrleans.Postgres;

/// <summary>
/// Reads the store's connection string, in Npgsql's form (<c>Host=...;Username=...</c>) or as a URI
/// (<c>postgresql://user:password@host:5432/database?sslmode=require</c>). No error contains any part of a value.
/// </summary>
/// <remarks>
/// PGUSER, PGPASSWORD, PGPASSFILE and PGSSL* are honoured as Npgsql does. PGCLIENTENCODING, PGTZ and PGOPTIONS are overridden:
/// text is exchanged in UTF-8 and times in UTC, and no option of somebody else's session applies, whatever the environment says.
/// </remarks>
public static class PostgresConnectionString
{
    /// <summary>The configuration key, for messages.</summary>
    public const string Key = "ConnectionStrings:clickstream";

    private const string Utf8 = "UTF8";
    private const string Utc = "UTC";
    private const string NoOptions = " ";

    /// <param name="key">The configuration key that it comes from.</param>
    /// <exception cref="FormatException">
    /// The text is no connection string; the message names the key and never the value.
    /// </exception>
    public static NpgsqlConnectionStringBuilder Parse(string text, string key = Key)
    {
        try
        {
            return Read(text.Trim());
        }
        catch (Malformed exception)
        {
            throw new FormatException(
                $"{key} is not a PostgreSQL connection string: {exception.Message}. "
                + "Allowed are Host=...;Username=...;Password=...;Database=... and "
                + "postgresql://user:password@host:5432/database.",
                exception);
        }
    }

    private static NpgsqlConnectionStringBuilder Read(string text)
    {
        var settings = PostgresUri.IsUri(text) ? PostgresUri.Parse(text) : ParsePairs(text);
        if (string.IsNullOrEmpty(settings.Host))
        {
            throw new Malformed("it names no Host");
        }

        if (settings.ClientEncoding is { } encoding && !IsUtf8(encoding))
        {
            throw new Malformed("Client Encoding must be UTF8");
        }

        settings.ClientEncoding = Utf8;
        settings.Timezone = Utc;
        if (string.IsNullOrEmpty(settings.Options) && Environment.GetEnvironmentVariable("PGOPTIONS") is { Length: > 0 })
        {
            // Only then: older poolers refuse a session with any options, even none.
            settings.Options = NoOptions;
        }

        CheckTogether(settings);
        return settings;
    }

    /// <summary>Some values exclude each other, which Npgsql only says when it is to use them.</summary>
    private static void CheckTogether(NpgsqlConnectionStringBuilder settings)
    {
        try
        {
            new NpgsqlDataSourceBuilder(settings.ConnectionString).Build().Dispose();
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException or InvalidOperationException)
        {
            throw new Malformed("its settings do not go together");
        }
    }

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
            throw new Malformed("it has a keyword that Npgsql does not know");
        }

        try
        {
            settings[keyword] = value;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException)
        {
            throw new Malformed($"the value of {keyword} is not allowed");
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
            throw new Malformed("it is not a list of keyword=value pairs");
        }

        return pairs.Keys.Cast<string>().Select(keyword => (keyword, (string)pairs[keyword]));
    }

    /// <summary>Why a text is no connection string, without any part of it.</summary>
    internal sealed class Malformed(string reason) : Exception(reason);

    private static bool IsUtf8(string encoding) =>
        encoding.Replace("-", "", StringComparison.Ordinal).Equals(Utf8, StringComparison.OrdinalIgnoreCase);
}
