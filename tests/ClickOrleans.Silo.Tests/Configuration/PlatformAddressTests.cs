using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Silo.Tests.Configuration;

/// <summary>Where a silo listens when a platform says so by its own variables.</summary>
public sealed class PlatformAddressTests
{
    private const string NoKey =
        "ClickOrleans:Host is '0.0.0.0'; allowed are loopback addresses; any other needs an API key: set ClickOrleans:ApiKey";

    /// <summary>
    /// The command <c>health</c> names the address that it asks, which is the one that a silo of the same variables has.
    /// </summary>
    [Theory]
    [InlineData("ASPNETCORE_URLS=http://localhost:{0}", "127.0.0.1:{0}")]
    [InlineData("ASPNETCORE_URLS=https://localhost:1;http://127.0.0.1:{0}", "127.0.0.1:{0}")]
    [InlineData("ASPNETCORE_URLS=http://[::1]:{0}", "::1:{0}")]
    [InlineData("ASPNETCORE_URLS=http://+:{0} ClickOrleans__ApiKey=key", "127.0.0.1:{0}")]
    [InlineData("ASPNETCORE_URLS=http://localhost:{0} ASPNETCORE_HTTP_PORTS=1", "127.0.0.1:{0}")]
    [InlineData("ASPNETCORE_HTTP_PORTS={0} ClickOrleans__ApiKey=key", "127.0.0.1:{0}")]
    [InlineData("HTTP_PORTS={0};1 ClickOrleans__ApiKey=key", "127.0.0.1:{0}")]
    [InlineData("ASPNETCORE_URLS=http://localhost:1 ClickOrleans__Port={0}", "127.0.0.1:{0}")]
    [InlineData("ASPNETCORE_HTTP_PORTS={0} ClickOrleans__Host=127.0.0.1", "127.0.0.1:{0}")]
    public async Task The_address_is_the_platform_s_where_the_settings_leave_it_open(string variables, string expected)
    {
        var port = SiloProcess.FreePort();

        var (exitCode, output) = await SiloProcess.CommandAsync(["health"], Environment(variables, port));

        Assert.Equal(1, exitCode);
        Assert.Contains($"The silo on {Filled(expected, port)} does not answer", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ASPNETCORE_HTTP_PORTS={0}", NoKey)]
    [InlineData("ASPNETCORE_URLS=http://*:{0}", NoKey)]
    [InlineData("ASPNETCORE_URLS=https://localhost:1", "ASPNETCORE_URLS is 'https://localhost:1'; allowed are http addresses: " +
        "the silo serves HTTP, TLS ends in front of it")]
    [InlineData(
        "ASPNETCORE_URLS=localhost", "ASPNETCORE_URLS is 'localhost'; allowed are http addresses, such as http://localhost:5080")]
    public async Task What_the_silo_cannot_serve_is_refused_with_the_reason(string variables, string reason)
    {
        using var folder = new TemporaryFolder();

        var (exitCode, output) = await SiloProcess.CommandAsync(
            ["run", "--for", "1", "--data", folder.Path], Environment(variables, SiloProcess.FreePort()));

        Assert.Equal(2, exitCode);
        Assert.Equal(reason, output.Trim());
    }

    private static Dictionary<string, string> Environment(string variables, int port) => Filled(variables, port).Split(' ')
        .Select(variable => variable.Split('=', 2))
        .ToDictionary(pair => pair[0], pair => pair[1]);

    private static string Filled(string text, int port) => text.Replace("{0}", $"{port}", StringComparison.Ordinal);
}
