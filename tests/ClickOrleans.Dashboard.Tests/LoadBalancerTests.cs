using ClickOrleans.Dashboard.Tests.Browsing;
using ClickOrleans.Testing.Silos;
using Microsoft.Playwright;

namespace ClickOrleans.Dashboard.Tests;

/// <summary>Behind what does not keep a browser at one silo the dashboard works, or says that it cannot.</summary>
public sealed class LoadBalancerTests(Chromium chromium)
{
    private static readonly Dictionary<string, string> Key = new() { ["ClickOrleans__ApiKey"] = "shared by both" };

    [Fact]
    public async Task A_page_of_one_silo_is_live_on_another()
    {
        using var data = new TemporaryFolder();
        using var other = new TemporaryFolder();
        await using var pages = await SiloProcess.RunAsync(["--producers", "0", "--data", data.Path], Key);
        await using var sockets = await SiloProcess.RunAsync(["--producers", "0", "--data", other.Path], Key);
        await using var proxy = new SplitProxy(pages.Port, sockets.Port);
        await using var session = await chromium.OpenSessionAsync(proxy.Address);

        await session.Page.GotoAsync("/control");
        await session.FillAsync("key", "shared by both");
        await session.Find("sign-in").ClickAsync();
        await session.ExpectTextAsync("panel-producers", "Desired");

        Assert.Empty(session.Errors);
        await Assertions.Expect(session.Page.Locator("#blazor-error-ui")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Where_web_sockets_are_not_passed_on_the_page_says_so()
    {
        using var data = new TemporaryFolder();
        await using var silo = await SiloProcess.RunAsync(["--producers", "0", "--data", data.Path]);
        await using var proxy = new SplitProxy(silo.Port, sockets: null);
        await using var session = await chromium.OpenSessionAsync(proxy.Address);

        await session.Page.GotoAsync("/");

        await Assertions.Expect(session.Page.Locator("#blazor-error-ui")).ToBeVisibleAsync();
        await Assertions.Expect(session.Page.Locator("#blazor-error-ui")).ToContainTextAsync("web sockets");
    }
}
