using Microsoft.Extensions.Configuration;

namespace ClickOrleans.Pipeline.Composition;

public static class ConnectionStrings
{
    /// <exception cref="StartupException">There is no connection string of this name.</exception>
    public static string GetRequiredConnection(this IConfiguration configuration, string name) =>
        configuration.GetConnectionString(name) is { Length: > 0 } connection
            ? connection
            : throw new StartupException($"ConnectionStrings:{name} is ''; allowed are connection strings.");
}
