using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClickOrleans.Pipeline.Composition;

public static class ConnectionStrings
{
    /// <summary>The connection string without the blanks and line breaks around it; null where nothing is left.</summary>
    public static string? GetConnection(this IConfiguration configuration, string name) =>
        configuration.GetConnectionString(name)?.Trim() is { Length: > 0 } connection ? connection : null;

    /// <exception cref="StartupException">There is no connection string of this name.</exception>
    public static string GetRequiredConnection(this IConfiguration configuration, string name) =>
        configuration.GetConnection(name)
        ?? throw new StartupException($"ConnectionStrings:{name} is ''; allowed are connection strings.");

    /// <summary>Has a connection string parsed at start, so that its errors are named with those of the options.</summary>
    /// <param name="given">Where it is null, the configuration's.</param>
    /// <param name="parse">
    /// Throws a <see cref="FormatException"/> whose message names the key and holds no part of a value.
    /// </param>
    public static IClickOrleansBuilder CheckConnection(
        this IClickOrleansBuilder builder, string name, string? given, Action<string> parse)
    {
        builder.Services.AddStartupCheck(provider =>
            Errors(given ?? provider.GetService<IConfiguration>()?.GetConnection(name), parse));
        return builder;
    }

    /// <summary>One that is missing is for whoever needs it.</summary>
    private static IEnumerable<string> Errors(string? connection, Action<string> parse)
    {
        try
        {
            if (!string.IsNullOrEmpty(connection))
            {
                parse(connection);
            }

            return [];
        }
        catch (FormatException exception)
        {
            return [exception.Message];
        }
    }
}
