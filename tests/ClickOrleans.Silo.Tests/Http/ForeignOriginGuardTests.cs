using ClickOrleans.Silo.Configuration;
using ClickOrleans.Silo.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Silo.Tests.Http;

/// <summary>Which changes are taken for those of the silo's own pages.</summary>
public sealed class ForeignOriginGuardTests
{
    [Theory]
    [InlineData("https://clicks.example.com", "clicks.example.com")]
    [InlineData("https://clicks.example.com", "clicks.example.com:443")]
    [InlineData("http://clicks.example.com", "clicks.example.com:80")]
    [InlineData("https://clicks.example.com:8443", "clicks.example.com:8443")]
    [InlineData("https://clicks.example.com", "Clicks.Example.com")]
    [InlineData("http://[::1]:5080", "[::1]:5080")]
    public async Task Its_own_origin_with_or_without_the_default_port(string origin, string host) =>
        Assert.Equal(StatusCodes.Status200OK, await ChangeAsync(origin, host));

    [Theory]
    [InlineData("https://clicks.example.com", "clicks.example.com:80")]
    [InlineData("http://clicks.example.com", "clicks.example.com:443")]
    [InlineData("https://clicks.example.com:8443", "clicks.example.com")]
    [InlineData("https://evil.example", "clicks.example.com")]
    [InlineData("https://clicks.example.com.evil.example", "clicks.example.com")]
    [InlineData("null", "clicks.example.com")]
    public async Task Another_origin_is_refused(string origin, string host) =>
        Assert.Equal(StatusCodes.Status403Forbidden, await ChangeAsync(origin, host));

    private static async Task<int> ChangeAsync(string origin, string host)
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.Method = "PUT";
        context.Request.Host = new HostString(host);
        context.Request.Headers.Origin = origin;

        var options = Options.Create(new HttpOptions { ApiKey = "key" });
        await new ForeignOriginGuard(_ => Task.CompletedTask, options).InvokeAsync(context);

        return context.Response.StatusCode;
    }
}
