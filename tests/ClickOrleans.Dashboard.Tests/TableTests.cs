using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using ClickOrleans.Dashboard.Tests.Browsing;
using ClickOrleans.Testing.Pipelines;
using Microsoft.Playwright;

namespace ClickOrleans.Dashboard.Tests;

/// <summary>The tables show the data of the API; content of messages is rendered as text, never as markup.</summary>
public sealed class TableTests(Chromium chromium, IdlePipelineFixture pipeline) : IClassFixture<IdlePipelineFixture>
{
    [Fact]
    public async Task The_overview_shows_the_totals_of_the_api()
    {
        await using var session = await chromium.OpenSessionAsync(pipeline.Address);
        await session.OpenAsync("/");
        var totals = (await pipeline.Silo.StatusAsync()).GetProperty("totals");

        await session.ExpectTextAsync("difference", "difference 0");
        await session.ExpectTextAsync("stage-store", Number(totals.GetProperty("stored")));
        await session.ExpectTextAsync("stage-rollups", Number(totals.GetProperty("folded")));
        await session.ExpectTextAsync("stage-index", Number(totals.GetProperty("indexed")));
        await session.ExpectTextAsync("stage-log", $"{IdlePipelineFixture.Clicks + IdlePipelineFixture.DeadLetters:N0}");
        await session.ExpectTextAsync("reconciliation", $"{IdlePipelineFixture.DeadLetters} dead letters");
        await session.ExpectTextAsync("bottleneck", "every stage keeps up");
        Assert.Empty(session.Errors);
    }

    [Fact]
    public async Task The_consumers_page_lists_the_partitions_of_the_api()
    {
        await using var session = await chromium.OpenSessionAsync(pipeline.Address);
        await session.OpenAsync("/consumers");
        var partitions = (await pipeline.Silo.StatusAsync()).Partitions().ToList();

        var rows = await RowsAsync(session, "partitions");

        Assert.Equal(
            partitions.Select(partition => string.Join('|',
                partition.GetProperty("partition"),
                partition.GetProperty("state"),
                partition.GetProperty("consumer"),
                partition.GetProperty("silo"),
                Number(partition.GetProperty("nextOffset")),
                Number(partition.GetProperty("endOffset")),
                Number(partition.GetProperty("lag")))),
            rows.Select(row => string.Join('|', row.Take(7))));
    }

    [Fact]
    public async Task The_silos_page_lists_uptime_and_load()
    {
        await using var session = await chromium.OpenSessionAsync(pipeline.Address);
        await session.OpenAsync("/silos");
        var silo = (await pipeline.Silo.StatusAsync()).GetProperty("silos")[0];

        await session.ExpectTextAsync("silos", " MB");
        var row = Assert.Single(await RowsAsync(session, "silos"));

        Assert.Equal(new[] { "name", "status", "address" }.Select(name => silo.GetProperty(name).GetString()), row[..3]);
        var uptime = DateTime.UtcNow - silo.GetProperty("started").GetDateTime().ToUniversalTime();
        Assert.InRange(uptime, TimeSpan.FromSeconds(-2), TimeSpan.FromMinutes(5));
        Assert.Matches("^[0-9]+ (s|min)$", row[4]);
        Assert.Matches("^[0-9]+ %$", row[5]);
        Assert.Equal("4", row[8]);
    }

    [Fact]
    public async Task The_runs_page_lists_the_runs_of_the_api()
    {
        await using var session = await chromium.OpenSessionAsync(pipeline.Address);
        await session.OpenAsync("/runs");
        var aggregation = (await pipeline.Silo.StatusAsync()).GetProperty("aggregation");
        var runs = aggregation.GetProperty("lastRuns").EnumerateArray().ToList();
        await session.ExpectTextAsync("runs", "manual");

        var rows = await RowsAsync(session, "runs");

        Assert.Equal(
            runs.Select(run => string.Join('|',
                $"{run.GetProperty("tookSeconds").GetDouble():N3} s",
                Number(run.GetProperty("clicks")),
                Number(run.GetProperty("rollups")),
                Number(run.GetProperty("documents")))),
            rows.Select(row => string.Join('|', row[3..7])));
        await session.ExpectTextAsync("missed", "Missed runs: 0");
        await session.ExpectTextAsync("sweep", "Last index sweep: ended ");
    }

    [Fact]
    public async Task A_search_shows_the_results_of_the_api()
    {
        await using var session = await chromium.OpenSessionAsync(pipeline.Address);
        await session.OpenAsync("/explore");
        var response = await pipeline.Silo.Http.GetFromJsonAsync<JsonElement>("/api/clicks/search?q=script");
        var found = response.EnumerateArray().ToList();

        await session.FillAsync("words", "script");
        await session.Find("search").ClickAsync();
        await session.Page.GetByText("Results for “script”").WaitForAsync();

        var rows = await RowsAsync(session, "results");
        Assert.NotEmpty(found);
        Assert.Equal(
            found.Select(page => string.Join('|',
                page.GetProperty("url"),
                page.GetProperty("country"),
                Number(page.GetProperty("clicks")),
                Number(page.GetProperty("unique_users")))),
            rows.Select(row => string.Join('|', row.Take(4))));
    }

    [Fact]
    public async Task A_rollup_is_explained_by_its_raw_clicks()
    {
        await using var session = await chromium.OpenSessionAsync(pipeline.Address);
        await session.OpenAsync("/explore");

        await session.Find("explain").First.ClickAsync();

        await session.ExpectTextAsync("verdict", "The rollup matches the raw clicks.");
        var counted = await RowsAsync(session, "recount");
        Assert.Equal(counted[0][1..3], counted[1][1..3]);
        var raw = await RowsAsync(session, "raw");
        var clicks = int.Parse(counted[0][1], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        Assert.Equal(Math.Min(50, clicks), raw.Count);
        Assert.Empty(session.Errors);
    }

    [Fact]
    public async Task Markup_in_messages_is_rendered_as_text()
    {
        await using var session = await chromium.OpenSessionAsync(pipeline.Address);
        var dialogs = new List<string>();
        session.Page.Dialog += async (_, dialog) =>
        {
            dialogs.Add(dialog.Message);
            await dialog.DismissAsync();
        };

        await session.OpenAsync("/explore?q=script");
        await session.Page.GetByText("/<script>alert(1)</script>").First.WaitForAsync();
        await session.Find("explain").First.ClickAsync();
        await session.ExpectTextAsync("raw", "<img src=x onerror=alert(2)>");
        Assert.Equal(0, await session.Page.Locator("main script, main img, main b:has-text('Land')").CountAsync());

        await session.OpenAsync("/dead-letters");
        await session.Find("reason").SelectOptionAsync("bad_timestamp");
        await session.Find("view").First.ClickAsync();
        await session.ExpectTextAsync("payload", "<script>alert(3)</script>");
        Assert.Equal(0, await session.Page.Locator("main script, main img").CountAsync());

        Assert.Empty(dialogs);
        Assert.Empty(session.Errors);
    }

    internal static async Task<List<string[]>> RowsAsync(BrowserSession session, string table)
    {
        await session.Find(table).Locator("tbody tr").First.WaitForAsync();
        var rows = await session.Find(table).Locator("tbody tr").EvaluateAllAsync<string[][]>(
            "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))");
        return [.. rows];
    }

    private static string Number(JsonElement number) => $"{number.GetInt64():N0}";
}
