using System.Text.Json;
using ClickOrleans.Dashboard.Tests.Browsing;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Dashboard.Tests;

/// <summary>Changes on the control page reach the pipeline.</summary>
public sealed class ControlTests(Chromium chromium, ActivePipelineFixture pipeline)
    : IClassFixture<ActivePipelineFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private BrowserSession _session = null!;

    private SiloProcess Silo => pipeline.Silo;

    public async ValueTask InitializeAsync()
    {
        _session = await chromium.OpenSessionAsync(pipeline.Address);
        await _session.OpenAsync("/control");
        await _session.ExpectTextAsync("panel-aggregation", "Last run");
    }

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Producers_run_in_the_desired_number_and_at_the_desired_rate()
    {
        await _session.FillAsync("producers-count", "3");
        await _session.FillAsync("producers-rate", "450");
        await _session.Find("apply-producers").ClickAsync();

        await Silo.WaitForStatusAsync(status => Producers(status) == (3, 450), Timeout);
        await _session.ExpectTextAsync("outcome-producers", "Applied and in effect.");
        await _session.ExpectTextAsync("now-producers", "3 producers, 450/s");
        Assert.Empty(_session.Errors);
    }

    [Fact]
    public async Task The_enter_key_submits_the_form()
    {
        await _session.FillAsync("producers-rate", "222");
        await _session.Find("producers-rate").PressAsync("Enter");

        await Silo.WaitForStatusAsync(status => Producers(status).Rate == 222, Timeout);
        await _session.ExpectTextAsync("outcome-producers", "Applied and in effect.");
    }

    [Theory]
    [InlineData("producers-count", "65", "producers", "allowed are 0 to 64")]
    [InlineData("producers-rate", "-1", "producers", "allowed are 0 to 10000000")]
    [InlineData("producers-count", "", "producers", "allowed are numbers")]
    [InlineData("consumers-count", "2000", "consumers", "allowed are 0 to 1024")]
    [InlineData("interval", "soon", "aggregation", "allowed are times: seconds, hh:mm:ss or d.hh:mm:ss")]
    [InlineData("interval", "00:00:00", "aggregation", "allowed are 00:00:01 to 1.00:00:00")]
    public async Task An_invalid_value_is_reported_at_its_field_and_changes_nothing(
        string field, string value, string panel, string error)
    {
        var before = await Silo.StatusAsync();
        if (field == "interval")
        {
            await _session.Find("by-interval").CheckAsync();
        }

        await _session.FillAsync(field, value);
        await _session.Find($"apply-{panel}").ClickAsync();

        await _session.ExpectTextAsync($"panel-{panel}", error);
        var after = await Silo.StatusAsync();
        Assert.Equal(Producers(before), Producers(after));
        Assert.Equal(Consumers(before), Consumers(after));
        Assert.Equal(Schedule(before), Schedule(after));
    }

    [Fact]
    public async Task Consumers_are_reassigned_paused_and_resumed()
    {
        await _session.FillAsync("consumers-count", "4");
        await _session.Find("apply-consumers").ClickAsync();
        await Silo.WaitForStatusAsync(status => Consumers(status) == 4 && Running(status) == 4, Timeout);
        await _session.ExpectTextAsync("outcome-consumers", "Applied and in effect.");

        await _session.Find("consumers-pause").ClickAsync();
        await Silo.WaitForStatusAsync(status => Consumers(status) == 0 && Running(status) == 0, Timeout);
        await _session.ExpectTextAsync("now-consumers", "paused");

        await _session.Find("consumers-resume").ClickAsync();
        await Silo.WaitForStatusAsync(status => Consumers(status) == 4 && Running(status) == 4, Timeout);
        await _session.ExpectTextAsync("now-consumers", "4 consumers on 4 of 4 partitions");
    }

    [Fact]
    public async Task The_schedule_is_an_interval_or_a_cron_expression_and_its_next_five_runs_are_shown()
    {
        await _session.FillAsync("interval", "90");
        Assert.Equal(5, await _session.Find("next-times").Locator("li").CountAsync());
        await _session.Find("apply-aggregation").ClickAsync();
        await Silo.WaitForStatusAsync(status => Schedule(status) == ("00:01:30", false), Timeout);

        await _session.Find("by-cron").CheckAsync();
        await _session.FillAsync("cron", "*/10 * * * *");
        await _session.Find("apply-aggregation").ClickAsync();
        await Silo.WaitForStatusAsync(status => Schedule(status) == ("*/10 * * * *", false), Timeout);
        await _session.ExpectTextAsync("outcome-aggregation", "Applied and in effect.");
        var times = await _session.Find("next-times").Locator("local-time")
            .EvaluateAllAsync<string[]>("all => all.map(one => one.getAttribute('datetime'))");
        Assert.Equal(5, times.Length);
        Assert.All(times, time => Assert.Matches("T[0-9]{2}:[0-5]0:00.000Z", time));

        await _session.FillAsync("cron", "not a cron expression");
        await _session.Find("apply-aggregation").ClickAsync();
        await _session.ExpectTextAsync("panel-aggregation", "five fields");
        Assert.Equal(("*/10 * * * *", false), Schedule(await Silo.StatusAsync()));
    }

    [Fact]
    public async Task A_paused_aggregation_can_be_run_manually()
    {
        await _session.Find("paused").CheckAsync();
        await _session.Find("apply-aggregation").ClickAsync();
        var paused = await Silo.WaitForStatusAsync(
            status => Schedule(status).Paused && !status.GetProperty("aggregation").GetProperty("running").GetBoolean(), Timeout);
        await _session.ExpectTextAsync("outcome-aggregation", "Applied and in effect.");

        await _session.Find("run-now").ClickAsync();

        await _session.ExpectTextAsync("run-result", "Completed in");
        var after = await Silo.WaitForStatusAsync(status => LastRun(status) > LastRun(paused), Timeout);
        Assert.Equal(
            JsonValueKind.Null, after.GetProperty("aggregation").GetProperty("lastRun").GetProperty("lateSeconds").ValueKind);

        await _session.Find("paused").UncheckAsync();
        await _session.Find("apply-aggregation").ClickAsync();
        await Silo.WaitForStatusAsync(status => !Schedule(status).Paused, Timeout);
    }

    private static (int Count, double Rate) Producers(JsonElement status)
    {
        var producers = status.GetProperty("producers");
        return (producers.GetProperty("count").GetInt32(), producers.GetProperty("ratePerSecond").GetDouble());
    }

    private static int Consumers(JsonElement status) => status.GetProperty("consumers").GetProperty("count").GetInt32();

    private static int Running(JsonElement status) => status.GetProperty("consumers").GetProperty("partitions").EnumerateArray()
        .Count(partition => partition.GetProperty("state").GetString() == "running");

    private static (string? Schedule, bool Paused) Schedule(JsonElement status)
    {
        var aggregation = status.GetProperty("aggregation");
        return (aggregation.GetProperty("schedule").GetString(), aggregation.GetProperty("paused").GetBoolean());
    }

    private static DateTime LastRun(JsonElement status) =>
        status.GetProperty("aggregation").GetProperty("lastRun").GetProperty("started").GetDateTime();
}
