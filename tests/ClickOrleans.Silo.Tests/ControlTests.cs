using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Silo.Tests;

public sealed class ControlTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Changes_take_effect_within_two_seconds_and_survive_a_restart()
    {
        using var data = new TemporaryFolder();
        await using (var silo = await SiloProcess.RunAsync(["--rate", "100", "--data", data.Path]))
        {
            Assert.Equal(HttpStatusCode.OK, await PutAsync(silo, "producers", """{"count":3,"ratePerSecond":500}"""));
            await silo.WaitForStatusAsync(status => Producers(status) == (3, 500), Soon);
            Assert.Equal(HttpStatusCode.OK, await PutAsync(silo, "consumers", """{"count":4}"""));
            await silo.WaitForStatusAsync(status => Consumers(status).SequenceEqual(["0", "1", "2", "3"]), Soon);
            Assert.Equal(HttpStatusCode.OK, await PutAsync(silo, "consumers", """{"count":0}"""));
            await silo.WaitForStatusAsync(status => Consumers(status).SequenceEqual(["", "", "", ""]), Soon);
            Assert.Equal(HttpStatusCode.OK, await PutAsync(silo, "consumers", """{"count":1}"""));
            await silo.WaitForStatusAsync(status => Consumers(status).SequenceEqual(["0", "0", "0", "0"]), Soon);
            Assert.Equal(HttpStatusCode.OK, await PutAsync(silo, "aggregation", """{"interval":"7"}"""));
            await silo.WaitForStatusAsync(status => Aggregation(status) == ("00:00:07", false), Soon);
            Assert.Equal(HttpStatusCode.OK, await PutAsync(silo, "aggregation", """{"cron":"0 3 * * *","paused":true}"""));
            await silo.WaitForStatusAsync(status => Aggregation(status) == ("0 3 * * *", true), Soon);
            Assert.Equal(0, await silo.InterruptAsync(TimeSpan.FromSeconds(10)));
        }

        await using (var silo = await SiloProcess.RunAsync(["--data", data.Path]))
        {
            var status = await silo.StatusAsync();
            Assert.Equal((3, 500), Producers(status));
            Assert.Equal(1, status.GetProperty("consumers").GetProperty("count").GetInt32());
            Assert.Equal(("0 3 * * *", true), Aggregation(status));
        }

        var verified = await SiloProcess.CommandAsync(["verify", "--data", data.Path]);
        Assert.True(verified.ExitCode == 0, verified.Output);
    }

    [Fact]
    public async Task Wrong_values_get_400_with_every_fault_and_change_nothing()
    {
        using var data = new TemporaryFolder();
        await using var silo = await SiloProcess.RunAsync(["--rate", "100", "--data", data.Path]);

        var producers = await FaultsAsync(silo, "producers", """{"count":-1,"ratePerSecond":"many","colour":"red"}""");
        var consumers = await FaultsAsync(silo, "consumers", """{"count":1.5}""");
        var aggregation = await FaultsAsync(silo, "aggregation", """{"interval":"00:00:00","cron":"every day"}""");
        var notAnObject = await FaultsAsync(silo, "consumers", "[4]");
        var notJson = await PutAsync(silo, "consumers", "{count");

        Assert.Equal(["colour", "count", "ratePerSecond"], producers);
        Assert.Equal(["count"], consumers);
        Assert.Equal(["cron", "interval"], aggregation);
        Assert.Contains("body", notAnObject);
        Assert.Equal(HttpStatusCode.BadRequest, notJson);
        Assert.Equal((1, 100), Producers(await silo.StatusAsync()));
    }

    [Fact]
    public async Task Run_now_answers_with_the_finished_run()
    {
        using var data = new TemporaryFolder();
        await SiloProcess.CommandAsync(["produce", "--count", "500", "--data", data.Path]);
        await using var silo = await SiloProcess.RunAsync(
            ["--producers", "0", "--data", data.Path], Setting("Aggregation__Paused", "true"));
        await silo.WaitForStatusAsync(
            status => status.GetProperty("totals").GetProperty("stored").GetInt64() == 500, TimeSpan.FromSeconds(20));

        var run = await (await silo.Http.PostAsync("/api/aggregation/run", null)).Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(500, run.GetProperty("clicks").GetInt64());
        Assert.True(run.GetProperty("documents").GetInt64() > 0);
        Assert.Equal(JsonValueKind.Null, run.GetProperty("error").ValueKind);
    }

    [Fact]
    public async Task An_api_key_that_is_set_is_needed_for_everything_but_health()
    {
        using var data = new TemporaryFolder();
        await using var silo = await SiloProcess.RunAsync(
            ["--producers", "0", "--data", data.Path], Setting("ApiKey", "open sesame"));

        var without = await silo.Http.GetAsync("/api/status");
        var wrong = await SendAsync(silo, HttpMethod.Get, "/api/status", ("X-Api-Key", "open barley"));
        var right = await SendAsync(silo, HttpMethod.Get, "/api/status", ("X-Api-Key", "open sesame"));
        var bearer = await SendAsync(silo, HttpMethod.Get, "/api/status", ("Authorization", "Bearer open sesame"));
        var health = await silo.Http.GetAsync("/health/live");

        Assert.Equal(
            [HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK],
            [without.StatusCode, wrong, right, bearer, health.StatusCode]);
        Assert.DoesNotContain("open sesame", silo.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task Changes_from_another_web_origin_are_refused(string header, string value)
    {
        using var data = new TemporaryFolder();
        await using var silo = await SiloProcess.RunAsync(["--producers", "0", "--data", data.Path]);

        var foreign = await SendAsync(silo, HttpMethod.Post, "/api/aggregation/run", (header, value));
        var own = await SendAsync(silo, HttpMethod.Post, "/api/aggregation/run", ("Origin", $"http://127.0.0.1:{silo.Port}"));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (foreign, own));
    }

    private static (int Count, double Rate) Producers(JsonElement status) =>
        status.GetProperty("producers") is var producers
            ? (producers.GetProperty("count").GetInt32(), producers.GetProperty("ratePerSecond").GetDouble())
            : default;

    private static IEnumerable<string> Consumers(JsonElement status) =>
        status.GetProperty("consumers").GetProperty("partitions").EnumerateArray()
            .Select(partition => partition.GetProperty("consumer").ToString());

    private static (string? Schedule, bool Paused) Aggregation(JsonElement status) =>
        status.GetProperty("aggregation") is var aggregation
            ? (aggregation.GetProperty("schedule").GetString(), aggregation.GetProperty("paused").GetBoolean())
            : default;

    private static Dictionary<string, string> Setting(string key, string value) => new() { [$"ClickOrleans__{key}"] = value };

    private static async Task<HttpStatusCode> SendAsync(
        SiloProcess silo, HttpMethod method, string path, (string Name, string Value) header)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        return (await silo.Http.SendAsync(request)).StatusCode;
    }

    private static async Task<HttpStatusCode> PutAsync(SiloProcess silo, string what, string json) =>
        (await silo.Http.PutAsync($"/api/{what}", new StringContent(json, Encoding.UTF8, "application/json"))).StatusCode;

    private static async Task<IEnumerable<string>> FaultsAsync(SiloProcess silo, string what, string json)
    {
        var answer = await silo.Http.PutAsync($"/api/{what}", new StringContent(json, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal);
    }
}
