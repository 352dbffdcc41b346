using System.Net;
using ClickOrleans.Dashboard.Tests.Browsing;
using ClickOrleans.Testing.Silos;
using Microsoft.Playwright;

namespace ClickOrleans.Dashboard.Tests;

/// <summary>With an API key configured, unauthenticated requests are rejected.</summary>
public sealed class LoginTests(Chromium chromium)
{
    private const string Key = "a key with spaces & <signs>";

    private static readonly string[] Protected =
    [
        "/", "/explore", "/orleans/", "/orleans/DashboardCounters", "/_blazor/negotiate", "/_framework/blazor.web.js",
        "/api/status",
    ];

    [Fact]
    public async Task The_key_signs_in_to_both_dashboards_and_the_session_survives_a_restart()
    {
        using var data = new TemporaryFolder();
        await using var silo = await StartAsync(data);
        await using var session = await chromium.OpenSessionAsync($"http://127.0.0.1:{silo.Port}");

        await session.Page.GotoAsync("/control");
        Assert.EndsWith("/login?to=%2Fcontrol", session.Page.Url, StringComparison.Ordinal);
        Assert.Empty(session.Errors);

        await session.FillAsync("key", "wrong");
        await session.Find("sign-in").ClickAsync();
        await Assertions.Expect(session.Find("login-error")).Not.ToBeEmptyAsync();

        await session.FillAsync("key", Key);
        await session.Find("sign-in").ClickAsync();
        await session.ExpectTextAsync("panel-producers", "Desired");
        Assert.EndsWith("/control", session.Page.Url, StringComparison.Ordinal);
        var cookie = Assert.Single(await session.Context.CookiesAsync(), cookie => cookie.Name == "clickorleans");
        Assert.True(cookie.HttpOnly);
        Assert.Equal(SameSiteAttribute.Strict, cookie.SameSite);
        Assert.DoesNotContain(Key, Uri.UnescapeDataString(cookie.Value), StringComparison.Ordinal);

        // The session is valid for the Orleans dashboard too, but not for /api.
        Assert.Equal(200, (await session.Page.APIRequest.GetAsync("/orleans/index.html")).Status);
        Assert.Equal(401, (await session.Page.APIRequest.GetAsync("/api/status")).Status);

        await silo.KillAsync();
        await using var restarted = await StartAsync(data, silo.Port);
        await session.OpenAsync("/silos");
        await session.ExpectTextAsync("silos", "active");

        await session.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign out" }).ClickAsync();
        await session.ExpectUrlAsync("/login");
        await session.Page.GotoAsync("/silos");
        Assert.EndsWith("/login?to=%2Fsilos", session.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_key_requests_are_unauthorized_and_attempts_are_limited()
    {
        using var data = new TemporaryFolder();
        await using var silo = await StartAsync(data);

        foreach (var path in Protected)
        {
            using var response = await silo.Http.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        using var forged = new HttpRequestMessage(HttpMethod.Get, "/");
        var expires = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds();
        forged.Headers.Add("Cookie", $"clickorleans={expires}.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        Assert.Equal(HttpStatusCode.Unauthorized, (await silo.Http.SendAsync(forged)).StatusCode);
        using var withKey = new HttpRequestMessage(HttpMethod.Get, "/");
        withKey.Headers.Add("X-Api-Key", Key);
        Assert.Equal(HttpStatusCode.OK, (await silo.Http.SendAsync(withKey)).StatusCode);

        var answers = new List<HttpStatusCode>();
        for (var attempt = 0; attempt < 15; attempt++)
        {
            using var form = new FormUrlEncodedContent([KeyValuePair.Create("key", $"guess {attempt}")]);
            using var response = await silo.Http.PostAsync(new Uri("/login", UriKind.Relative), form);
            answers.Add(response.StatusCode);
        }

        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
        Assert.DoesNotContain(HttpStatusCode.OK, answers);
    }

    [Fact]
    public async Task Another_origin_and_another_host_name_are_forbidden()
    {
        using var data = new TemporaryFolder();
        await using var silo = await SiloProcess.RunAsync(["--producers", "0", "--data", data.Path]);

        Assert.Equal(HttpStatusCode.Forbidden, await UpgradeAsync("http://evil.example"));
        Assert.NotEqual(HttpStatusCode.Forbidden, await UpgradeAsync($"http://127.0.0.1:{silo.Port}"));
        using var rebound = new HttpRequestMessage(HttpMethod.Get, "/");
        rebound.Headers.Host = "evil.example";
        Assert.Equal(HttpStatusCode.Forbidden, (await silo.Http.SendAsync(rebound)).StatusCode);
        using var local = new HttpRequestMessage(HttpMethod.Get, "/");
        local.Headers.Host = $"localhost:{silo.Port}";
        Assert.Equal(HttpStatusCode.OK, (await silo.Http.SendAsync(local)).StatusCode);

        async Task<HttpStatusCode> UpgradeAsync(string origin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/_blazor?id=none");
            request.Headers.Add("Connection", "Upgrade");
            request.Headers.Add("Upgrade", "websocket");
            request.Headers.Add("Sec-WebSocket-Version", "13");
            request.Headers.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
            request.Headers.Add("Origin", origin);
            using var response = await silo.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task The_content_security_policy_allows_only_own_scripts_and_both_dashboards_work_with_it()
    {
        using var data = new TemporaryFolder();
        await using var silo = await SiloProcess.RunAsync(["--rate", "100", "--data", data.Path]);
        await using var session = await chromium.OpenSessionAsync($"http://127.0.0.1:{silo.Port}");

        var response = await session.Page.GotoAsync("/");
        var policy = (await response!.AllHeadersAsync())["content-security-policy"];
        Assert.Contains("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);

        await session.Page.GotoAsync("/orleans/");
        await session.Page.GetByText("Silos").First.WaitForAsync();
        await session.Page.GetByText("Total Activations").First.WaitForAsync();
        Assert.Empty(session.Errors);
    }

    private static Task<SiloProcess> StartAsync(TemporaryFolder data, int? port = null) => SiloProcess.RunAsync(
        ["--producers", "0", "--data", data.Path], new Dictionary<string, string> { ["ClickOrleans__ApiKey"] = Key }, port);
}
