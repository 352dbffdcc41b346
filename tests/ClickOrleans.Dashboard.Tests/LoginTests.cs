using System.Net;
using ClickOrleans.Dashboard.Tests.Browsing;
using ClickOrleans.Testing.Silos;
using Microsoft.Playwright;

namespace ClickOrleans.Dashboard.Tests;

/// <summary>Where an API key is set, who does not show it sees nothing.</summary>
public sealed class LoginTests(Chromium chromium)
{
    private const string Key = "a key with spaces & <signs>";

    [Fact]
    public async Task The_key_opens_the_dashboards_and_the_session_outlives_a_restart()
    {
        using var data = new TemporaryFolder();
        await using var silo = await StartAsync(data);
        await using var visitor = await chromium.VisitAsync($"http://127.0.0.1:{silo.Port}");

        await visitor.Page.GotoAsync("/control");
        Assert.EndsWith("/login?to=%2Fcontrol", visitor.Page.Url, StringComparison.Ordinal);
        Assert.Empty(visitor.Complaints);

        await visitor.FillAsync("key", "wrong");
        await visitor.Find("sign-in").ClickAsync();
        await visitor.SeeAsync("login-error", "This is not the API key.");

        await visitor.FillAsync("key", Key);
        await visitor.Find("sign-in").ClickAsync();
        await visitor.SeeAsync("panel-producers", "Produced");
        Assert.EndsWith("/control", visitor.Page.Url, StringComparison.Ordinal);
        var cookie = Assert.Single(await visitor.Context.CookiesAsync(), cookie => cookie.Name == "clickorleans");
        Assert.True(cookie.HttpOnly);
        Assert.Equal(SameSiteAttribute.Strict, cookie.SameSite);
        Assert.DoesNotContain(Key, Uri.UnescapeDataString(cookie.Value), StringComparison.Ordinal);

        // The session opens the Orleans dashboard too, and not /api.
        Assert.Equal(200, (await visitor.Page.APIRequest.GetAsync("/orleans/index.html")).Status);
        Assert.Equal(401, (await visitor.Page.APIRequest.GetAsync("/api/status")).Status);

        await silo.KillAsync();
        await using var again = await StartAsync(data, silo.Port);
        await visitor.OpenAsync("/silos");
        await visitor.SeeAsync("silos", "active");

        await visitor.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign out" }).ClickAsync();
        await visitor.ArriveAsync("/login");
        await visitor.Page.GotoAsync("/silos");
        Assert.EndsWith("/login?to=%2Fsilos", visitor.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_key_nothing_is_answered_and_tries_are_limited()
    {
        using var data = new TemporaryFolder();
        await using var silo = await StartAsync(data);

        foreach (var path in new[] { "/", "/explore", "/orleans/", "/orleans/DashboardCounters", "/_blazor/negotiate", "/_framework/blazor.web.js", "/api/status" })
        {
            using var answer = await silo.Http.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        using var forged = new HttpRequestMessage(HttpMethod.Get, "/");
        forged.Headers.Add("Cookie", $"clickorleans={DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds()}.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        Assert.Equal(HttpStatusCode.Unauthorized, (await silo.Http.SendAsync(forged)).StatusCode);
        using var withKey = new HttpRequestMessage(HttpMethod.Get, "/");
        withKey.Headers.Add("X-Api-Key", Key);
        Assert.Equal(HttpStatusCode.OK, (await silo.Http.SendAsync(withKey)).StatusCode);

        var answers = new List<HttpStatusCode>();
        for (var attempt = 0; attempt < 15; attempt++)
        {
            using var form = new FormUrlEncodedContent([KeyValuePair.Create("key", $"guess {attempt}")]);
            using var answer = await silo.Http.PostAsync(new Uri("/login", UriKind.Relative), form);
            answers.Add(answer.StatusCode);
        }

        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
        Assert.DoesNotContain(HttpStatusCode.OK, answers);
    }

    [Fact]
    public async Task Another_origin_opens_no_circuit_and_another_host_name_reads_nothing()
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
            using var answer = await silo.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task The_policy_lets_no_script_of_others_run_and_both_dashboards_live_with_it()
    {
        using var data = new TemporaryFolder();
        await using var silo = await SiloProcess.RunAsync(["--rate", "100", "--data", data.Path]);
        await using var visitor = await chromium.VisitAsync($"http://127.0.0.1:{silo.Port}");

        var answer = await visitor.Page.GotoAsync("/");
        var policy = (await answer!.AllHeadersAsync())["content-security-policy"];
        Assert.Contains("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);

        await visitor.Page.GotoAsync("/orleans/");
        await visitor.Page.GetByText("Silos").First.WaitForAsync();
        await visitor.Page.GetByText("Total Activations").First.WaitForAsync();
        Assert.Empty(visitor.Complaints);
    }

    private static Task<SiloProcess> StartAsync(TemporaryFolder data, int? port = null) => SiloProcess.RunAsync(
        ["--producers", "0", "--data", data.Path], new Dictionary<string, string> { ["ClickOrleans__ApiKey"] = Key }, port);
}
