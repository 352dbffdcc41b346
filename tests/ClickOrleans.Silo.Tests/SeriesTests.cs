using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Silo.Tests;

/// <summary><c>GET /api/series</c> of a silo that has folded a few clicks.</summary>
public sealed class SeriesTests(SeriesTests.Silo silo) : IClassFixture<SeriesTests.Silo>
{
    [Fact]
    public async Task Hours_of_the_site_have_the_clicks_of_their_event_time_and_gaps_are_zeros()
    {
        var items = await ItemsAsync("from=2026-01-01T00:00:00Z&to=2026-01-01T04:00:00Z&step=hour");

        Assert.Equal(
            [("2026-01-01T00:00:00Z", 2), ("2026-01-01T01:00:00Z", 0), ("2026-01-01T02:00:00Z", 1), ("2026-01-01T03:00:00Z", 0)],
            items);
    }

    [Theory]
    [InlineData("", "2 1")]
    [InlineData("&timezone=Europe/Amsterdam", "2 1 0")]
    [InlineData("&timezone=America/Los_Angeles", "2 1 0")]
    [InlineData("&url=/a", "null null")]
    public async Task Visitors_are_exact_for_the_site_and_null_for_a_page(string scope, string visitors)
    {
        var answer = await silo.Http.GetFromJsonAsync<JsonElement>(
            $"/api/series?from=2026-01-01T00:00:00Z&to=2026-01-03T00:00:00Z&step=day{scope}");

        Assert.Equal(visitors, string.Join(' ', answer.GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("visitors").GetRawText())));
    }

    [Theory]
    [InlineData("", "2026-01-01T00:00:00Z 3, 2026-01-02T00:00:00Z 1")]
    [InlineData("&url=/a", "2026-01-01T00:00:00Z 2, 2026-01-02T00:00:00Z 0")]
    [InlineData("&country=BE", "2026-01-01T00:00:00Z 1, 2026-01-02T00:00:00Z 1")]
    [InlineData("&url=/a&country=BE", "2026-01-01T00:00:00Z 0, 2026-01-02T00:00:00Z 0")]
    [InlineData("&timezone=Europe/Amsterdam", "2025-12-31T23:00:00Z 3, 2026-01-01T23:00:00Z 1")]
    public async Task Days_are_those_of_the_scope_and_the_time_zone(string scope, string days)
    {
        var items = await ItemsAsync($"from=2026-01-01&to=2026-01-03&step=day{scope}");

        Assert.Equal(days, string.Join(", ", items.Select(item => $"{item.From} {item.Clicks}")));
    }

    [Fact]
    public async Task Every_fault_of_a_request_is_named()
    {
        var response = await silo.Http.GetAsync("/api/series?from=soon&step=week&timezone=Asia/Nowhere");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(
            ["from", "step", "timezone", "to"],
            problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order());
    }

    [Fact]
    public async Task A_time_zone_off_the_whole_hour_is_refused_with_the_reason()
    {
        var response = await silo.Http.GetAsync("/api/series?from=2026-01-01&to=2026-01-02&timezone=Asia/Kolkata");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("by whole hours of UTC", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<List<(string From, long Clicks)>> ItemsAsync(string query)
    {
        var answer = await silo.Http.GetFromJsonAsync<JsonElement>($"/api/series?{query}");
        return [.. answer.GetProperty("items").EnumerateArray().Select(item =>
            (item.GetProperty("from").GetString()!, item.GetProperty("clicks").GetInt64()))];
    }

    public sealed class Silo : IAsyncLifetime
    {
        private readonly TemporaryFolder _data = new();
        private SiloProcess _silo = null!;

        public HttpClient Http => _silo.Http;

        public async ValueTask InitializeAsync()
        {
            var file = _data.File("clicks.txt");
            await File.WriteAllLinesAsync(
                file,
                [
                    Click("2026-01-01T02:59:59Z", "/b", "BE"), Click("2026-01-01T00:10:00Z", "/a", "NL"),
                    Click("2026-01-02T05:00:00Z", "/b", "BE"), Click("2026-01-01T00:00:00Z", "/a", "NL"),
                ]);
            var (exitCode, output) = await SiloProcess.CommandAsync(["produce", "--file", file, "--data", _data.Path]);
            Assert.True(exitCode == 0, output);
            _silo = await SiloProcess.RunAsync(["--producers", "0", "--data", _data.Path]);
            await _silo.WaitForStatusAsync(
                status => status.GetProperty("totals").GetProperty("folded").GetInt64() == 4, TimeSpan.FromSeconds(30));
        }

        public async ValueTask DisposeAsync()
        {
            await _silo.DisposeAsync();
            _data.Dispose();
        }

        private static string Click(string timestamp, string url, string country) =>
            $$"""
            ["{{country}}","{{timestamp}}","{{url}}","{{country}}","city","browser","os","device"]
            """;
    }
}
