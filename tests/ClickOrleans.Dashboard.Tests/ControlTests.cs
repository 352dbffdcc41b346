using System.Text.Json;
using ClickOrleans.Dashboard.Tests.Browsing;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Dashboard.Tests;

/// <summary>What is changed on the page is changed in the pipeline.</summary>
public sealed class ControlTests(Chromium chromium, PipelineInUse pipeline) : IClassFixture<PipelineInUse>, IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private Visitor _visitor = null!;

    private SiloProcess Silo => pipeline.Silo;

    public async ValueTask InitializeAsync()
    {
        _visitor = await chromium.VisitAsync(pipeline.Address);
        await _visitor.OpenAsync("/control");
        await _visitor.SeeAsync("panel-aggregation", "Last run");
    }

    public async ValueTask DisposeAsync()
    {
        await _visitor.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Producers_run_in_the_number_and_at_the_rate_that_was_set()
    {
        await _visitor.FillAsync("producers-count", "3");
        await _visitor.FillAsync("producers-rate", "450");
        await _visitor.Find("apply-producers").ClickAsync();

        await Silo.WaitForStatusAsync(status => Producers(status) == (3, 450), Timeout);
        await _visitor.SeeAsync("outcome-producers", "Applied, and in effect.");
        await _visitor.SeeAsync("now-producers", "3 producers, 450/s");
        Assert.Empty(_visitor.Complaints);
    }

    [Fact]
    public async Task The_enter_key_is_enough()
    {
        await _visitor.FillAsync("producers-rate", "222");
        await _visitor.Find("producers-rate").PressAsync("Enter");

        await Silo.WaitForStatusAsync(status => Producers(status).Rate == 222, Timeout);
        await _visitor.SeeAsync("outcome-producers", "Applied, and in effect.");
    }

    [Theory]
    [InlineData("producers-count", "65", "producers", "allowed are 0 to 64")]
    [InlineData("producers-rate", "-1", "producers", "allowed are 0 to 10000000")]
    [InlineData("producers-count", "", "producers", "allowed are numbers")]
    [InlineData("consumers-count", "2000", "consumers", "allowed are 0 to 1024")]
    [InlineData("interval", "soon", "aggregation", "allowed are times: seconds, hh:mm:ss or d.hh:mm:ss")]
    [InlineData("interval", "00:00:00", "aggregation", "allowed are 00:00:01 to 1.00:00:00")]
    public async Task What_is_not_allowed_is_said_beside_its_field_and_changes_nothing(
        string field, string value, string panel, string says)
    {
        var before = await Silo.StatusAsync();
        if (field == "interval")
        {
            await _visitor.Find("by-interval").CheckAsync();
        }

        await _visitor.FillAsync(field, value);
        await _visitor.Find($"apply-{panel}").ClickAsync();

        await _visitor.SeeAsync($"panel-{panel}", says);
        var after = await Silo.StatusAsync();
        Assert.Equal(Producers(before), Producers(after));
        Assert.Equal(Consumers(before), Consumers(after));
        Assert.Equal(Schedule(before), Schedule(after));
    }

    [Fact]
    public async Task Consumers_are_dealt_anew_paused_and_resumed()
    {
        await _visitor.FillAsync("consumers-count", "4");
        await _visitor.Find("apply-consumers").ClickAsync();
        await Silo.WaitForStatusAsync(status => Consumers(status) == 4 && Running(status) == 4, Timeout);
        await _visitor.SeeAsync("outcome-consumers", "Applied, and in effect.");

        await _visitor.Find("consumers-pause").ClickAsync();
        await Silo.WaitForStatusAsync(status => Consumers(status) == 0 && Running(status) == 0, Timeout);
        await _visitor.SeeAsync("now-consumers", "paused");

        await _visitor.Find("consumers-resume").ClickAsync();
        await Silo.WaitForStatusAsync(status => Consumers(status) == 4 && Running(status) == 4, Timeout);
        await _visitor.SeeAsync("now-consumers", "4 consumers on 4 of 4 partitions");
    }

    [Fact]
    public async Task The_schedule_is_an_interval_or_a_cron_expression_with_its_next_five_times_shown()
    {
        await _visitor.FillAsync("interval", "90");
        Assert.Equal(5, await _visitor.Find("next-times").Locator("li").CountAsync());
        await _visitor.Find("apply-aggregation").ClickAsync();
        await Silo.WaitForStatusAsync(status => Schedule(status) == ("00:01:30", false), Timeout);

        await _visitor.Find("by-cron").CheckAsync();
        await _visitor.FillAsync("cron", "*/10 * * * *");
        await _visitor.Find("apply-aggregation").ClickAsync();
        await Silo.WaitForStatusAsync(status => Schedule(status) == ("*/10 * * * *", false), Timeout);
        await _visitor.SeeAsync("outcome-aggregation", "Applied, and in effect.");
        var times = await _visitor.Find("next-times").Locator("local-time").EvaluateAllAsync<string[]>(
            "all => all.map(one => one.getAttribute('datetime'))");
        Assert.Equal(5, times.Length);
        Assert.All(times, time => Assert.Matches("T[0-9]{2}:[0-5]0:00.000Z", time));

        await _visitor.FillAsync("cron", "every now and then");
        await _visitor.Find("apply-aggregation").ClickAsync();
        await _visitor.SeeAsync("panel-aggregation", "five fields");
        Assert.Equal(("*/10 * * * *", false), Schedule(await Silo.StatusAsync()));
    }

    [Fact]
    public async Task The_aggregation_is_paused_and_runs_when_it_is_asked_to()
    {
        await _visitor.Find("paused").CheckAsync();
        await _visitor.Find("apply-aggregation").ClickAsync();
        var paused = await Silo.WaitForStatusAsync(
            status => Schedule(status).Paused && !status.GetProperty("aggregation").GetProperty("running").GetBoolean(), Timeout);
        await _visitor.SeeAsync("outcome-aggregation", "Applied, and in effect.");

        await _visitor.Find("run-now").ClickAsync();

        await _visitor.SeeAsync("run-result", "Done in");
        var after = await Silo.WaitForStatusAsync(status => LastRun(status) > LastRun(paused), Timeout);
        Assert.Equal(
            JsonValueKind.Null, after.GetProperty("aggregation").GetProperty("lastRun").GetProperty("lateSeconds").ValueKind);

        await _visitor.Find("paused").UncheckAsync();
        await _visitor.Find("apply-aggregation").ClickAsync();
        await Silo.WaitForStatusAsync(status => !Schedule(status).Paused, Timeout);
    }

    private static (int Count, double Rate) Producers(JsonElement status) => status.GetProperty("producers") is var producers
        ? (producers.GetProperty("count").GetInt32(), producers.GetProperty("ratePerSecond").GetDouble())
        : default;

    private static int Consumers(JsonElement status) => status.GetProperty("consumers").GetProperty("count").GetInt32();

    private static int Running(JsonElement status) => status.GetProperty("consumers").GetProperty("partitions").EnumerateArray()
        .Count(partition => partition.GetProperty("state").GetString() == "running");

    private static (string? Schedule, bool Paused) Schedule(JsonElement status) =>
        status.GetProperty("aggregation") is var aggregation
        ? (aggregation.GetProperty("schedule").GetString(), aggregation.GetProperty("paused").GetBoolean())
        : default;

    private static DateTime LastRun(JsonElement status) =>
        status.GetProperty("aggregation").GetProperty("lastRun").GetProperty("started").GetDateTime();
}
