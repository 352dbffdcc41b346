using Microsoft.Extensions.Configuration;

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
}
