using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Silo.Configuration;
using Microsoft.Extensions.Configuration;

namespace ClickOrleans.Silo.Tests.Configuration;

/// <summary><see cref="PlatformAddress"/> by itself; that the silo heeds it is <see cref="PlatformAddressTests"/>.</summary>
public sealed class CompleteAddressTests
{
    [Theory]
    [InlineData("urls", "http://localhost:81", "localhost", "81")]
    [InlineData("ASPNETCORE_URLS", "http://localhost:81", "localhost", "81")]
    [InlineData("urls", "https://localhost:1;http://127.0.0.1:81", "127.0.0.1", "81")]
    [InlineData("urls", "http://[::1]:81", "::1", "81")]
    [InlineData("urls", "http://+:81", "0.0.0.0", "81")]
    [InlineData("urls", "http://*:81", "0.0.0.0", "81")]
    [InlineData("urls", "http://silo.example:81", "0.0.0.0", "81")]
    [InlineData("urls", "http://localhost", "localhost", "80")]
    [InlineData("http_ports", "81;82", "0.0.0.0", "81")]
    [InlineData("ASPNETCORE_HTTP_PORTS", "81", "0.0.0.0", "81")]
    public void The_platform_s_address_fills_what_the_options_leave_open(string key, string value, string host, string port)
    {
        var configuration = Complete((key, value));

        Assert.Equal((host, port), (configuration["ClickOrleans:Host"], configuration["ClickOrleans:Port"]));
    }

    [Fact]
    public void The_options_count_over_the_platform_and_urls_over_ports()
    {
        var configuration = Complete(("urls", "http://localhost:81"), ("http_ports", "82"), ("ClickOrleans:Port", "83"));

        Assert.Equal(("localhost", "83"), (configuration["ClickOrleans:Host"], configuration["ClickOrleans:Port"]));
    }

    [Fact]
    public void Without_a_platform_nothing_is_filled_in()
    {
        var configuration = Complete();

        Assert.Null(configuration["ClickOrleans:Host"]);
        Assert.Null(configuration["ClickOrleans:Port"]);
    }

    [Theory]
    [InlineData(
        "https://localhost:1", "ASPNETCORE_URLS is 'https://localhost:1'; allowed are http addresses: the silo serves HTTP")]
    [InlineData("localhost", "ASPNETCORE_URLS is 'localhost'; allowed are http addresses, such as http://localhost:5080")]
    public void What_the_silo_cannot_serve_is_refused(string urls, string message)
    {
        var exception = Assert.Throws<StartupException>(() => Complete(("urls", urls)));

        Assert.StartsWith(message, exception.Message, StringComparison.Ordinal);
    }

    private static ConfigurationManager Complete(params (string Key, string Value)[] given)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(given.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)));
        configuration.CompleteAddress();
        return configuration;
    }
}
