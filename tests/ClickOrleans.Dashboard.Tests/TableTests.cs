using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using ClickOrleans.Dashboard.Tests.Browsing;
using Microsoft.Playwright;

namespace ClickOrleans.Dashboard.Tests;

/// <summary>The tables show what the API says, and what anybody wrote into a message is only ever shown as text.</summary>
public sealed class TableTests(Chromium chromium, QuietPipeline pipeline) : IClassFixture<QuietPipeline>
{
    [Fact]
    public async Task The_overview_adds_up_to_what_the_api_says()
    {
        await using var visitor = await chromium.VisitAsync(pipeline.Address);
        await visitor.OpenAsync("/");
        var totals = (await pipeline.Silo.StatusAsync()).GetProperty("totals");

        await visitor.SeeAsync("difference", "difference 0");
        await visitor.SeeAsync("stage-store", Number(totals.GetProperty("stored")));
        await visitor.SeeAsync("stage-rollups", Number(totals.GetProperty("folded")));
        await visitor.SeeAsync("stage-index", Number(totals.GetProperty("indexed")));
        await visitor.SeeAsync("stage-log", $"{QuietPipeline.Clicks + QuietPipeline.DeadLetters:N0}");
        await visitor.SeeAsync("conservation", $"{QuietPipeline.DeadLetters} dead letters");
        await visitor.SeeAsync("bottleneck", "Every stage keeps up");
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Consumers_are_listed_as_the_api_lists_them()
    {
        await using var visitor = await chromium.VisitAsync(pipeline.Address);
        await visitor.OpenAsync("/consumers");
        var partitions = (await pipeline.Silo.StatusAsync()).GetProperty("consumers").GetProperty("partitions").EnumerateArray().ToList();

        var rows = await RowsAsync(visitor, "partitions");

        Assert.Equal(
            partitions.Select(partition => string.Join('|',
                partition.GetProperty("partition"), partition.GetProperty("state"), partition.GetProperty("consumer"), partition.GetProperty("silo"),
                Number(partition.GetProperty("nextOffset")), Number(partition.GetProperty("endOffset")), Number(partition.GetProperty("lag")))),
            rows.Select(row => string.Join('|', row.Take(7))));
    }

    [Fact]
    public async Task Silos_are_listed_with_age_and_load()
    {
        await using var visitor = await chromium.VisitAsync(pipeline.Address);
        await visitor.OpenAsync("/silos");
        var silo = (await pipeline.Silo.StatusAsync()).GetProperty("silos")[0];

        await visitor.SeeAsync("silos", " MB");
        var row = Assert.Single(await RowsAsync(visitor, "silos"));

        Assert.Equal([silo.GetProperty("name").GetString(), silo.GetProperty("status").GetString(), silo.GetProperty("address").GetString()], row[..3]);
        Assert.InRange(DateTime.UtcNow - silo.GetProperty("started").GetDateTime().ToUniversalTime(), TimeSpan.FromSeconds(-2), TimeSpan.FromMinutes(5));
        Assert.Matches("^[0-9]+ (s|min)$", row[4]);
        Assert.Matches("^[0-9]+ %$", row[5]);
        Assert.Equal("4", row[8]);
    }

    [Fact]
    public async Task Runs_are_listed_as_the_api_lists_them()
    {
        await using var visitor = await chromium.VisitAsync(pipeline.Address);
        await visitor.OpenAsync("/runs");
        var runs = (await pipeline.Silo.StatusAsync()).GetProperty("aggregation").GetProperty("lastRuns").EnumerateArray().ToList();
        await visitor.SeeAsync("runs", "asked for");

        var rows = await RowsAsync(visitor, "runs");

        Assert.Equal(
            runs.Select(run => string.Join('|', $"{run.GetProperty("tookSeconds").GetDouble():N3} s", Number(run.GetProperty("clicks")), Number(run.GetProperty("rollups")), Number(run.GetProperty("documents")))),
            rows.Select(row => string.Join('|', row[3..7])));
        await visitor.SeeAsync("missed", "Scheduled times missed: 0.");
    }

    [Fact]
    public async Task Pages_found_are_those_that_the_api_finds()
    {
        await using var visitor = await chromium.VisitAsync(pipeline.Address);
        await visitor.OpenAsync("/explore");
        var found = (await pipeline.Silo.Http.GetFromJsonAsync<JsonElement>("/api/clicks/search?q=script")).EnumerateArray().ToList();

        await visitor.FillAsync("words", "script");
        await visitor.Find("search").ClickAsync();
        await visitor.Page.GetByText("Found for “script”").WaitForAsync();

        var rows = await RowsAsync(visitor, "found");
        Assert.NotEmpty(found);
        Assert.Equal(
            found.Select(page => string.Join('|', page.GetProperty("url"), page.GetProperty("country"), Number(page.GetProperty("clicks")), Number(page.GetProperty("unique_users")))),
            rows.Select(row => string.Join('|', row.Take(4))));
    }

    [Fact]
    public async Task A_number_is_explained_by_the_raw_clicks_behind_it()
    {
        await using var visitor = await chromium.VisitAsync(pipeline.Address);
        await visitor.OpenAsync("/explore");

        await visitor.Find("explain").First.ClickAsync();

        await visitor.SeeAsync("verdict", "They agree.");
        var counted = await RowsAsync(visitor, "recount");
        Assert.Equal(counted[0][1..3], counted[1][1..3]);
        var raw = await RowsAsync(visitor, "raw");
        Assert.Equal(Math.Min(50, int.Parse(counted[0][1], NumberStyles.AllowThousands, CultureInfo.InvariantCulture)), raw.Count);
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Markup_in_a_message_is_text_wherever_it_is_shown()
    {
        await using var visitor = await chromium.VisitAsync(pipeline.Address);
        var dialogs = new List<string>();
        visitor.Page.Dialog += async (_, dialog) =>
        {
            dialogs.Add(dialog.Message);
            await dialog.DismissAsync();
        };

        await visitor.OpenAsync("/explore?q=script");
        await visitor.Page.GetByText("/<script>alert(1)</script>").First.WaitForAsync();
        await visitor.Find("explain").First.ClickAsync();
        await visitor.SeeAsync("raw", "<img src=x onerror=alert(2)>");
        Assert.Equal(0, await visitor.Page.Locator("main script, main img, main b:has-text('Land')").CountAsync());

        await visitor.OpenAsync("/dead-letters");
        await visitor.Find("reason").SelectOptionAsync("bad_timestamp");
        await visitor.Find("view").First.ClickAsync();
        await visitor.SeeAsync("payload", "<script>alert(3)</script>");
        Assert.Equal(0, await visitor.Page.Locator("main script, main img").CountAsync());

        Assert.Empty(dialogs);
        Assert.Empty(visitor.Complaints);
    }

    internal static async Task<List<string[]>> RowsAsync(Visitor visitor, string table)
    {
        await visitor.Find(table).Locator("tbody tr").First.WaitForAsync();
        var rows = await visitor.Find(table).Locator("tbody tr").EvaluateAllAsync<string[][]>(
            "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))");
        return [.. rows];
    }

    private static string Number(JsonElement number) => $"{number.GetInt64():N0}";
}
