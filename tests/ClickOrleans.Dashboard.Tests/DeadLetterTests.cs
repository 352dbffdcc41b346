using System.Net.Http.Json;
using System.Text.Json;
using ClickOrleans.Dashboard.Tests.Browsing;
using Microsoft.Playwright;

namespace ClickOrleans.Dashboard.Tests;

/// <summary>Dead letters looked at, retried and given up by hand.</summary>
public sealed class DeadLetterTests(Chromium chromium)
{
    [Fact]
    public async Task They_are_filtered_viewed_previewed_retried_and_discarded()
    {
        var pipeline = new QuietPipeline();
        await using var _ = pipeline;
        await pipeline.InitializeAsync();
        await using var visitor = await chromium.VisitAsync(pipeline.Address);
        await visitor.OpenAsync("/dead-letters");

        // All that the API lists.
        var listed = (await ListAsync(pipeline)).Select(letter => letter.GetProperty("id").GetString()).ToList();
        Assert.Equal(QuietPipeline.DeadLetters, listed.Count);
        Assert.Equal(listed, (await TableTests.RowsAsync(visitor, "letters")).Select(row => row[1]));

        // One, as text and as bytes.
        await visitor.Find("reason").SelectOptionAsync("malformed_json");
        await ExpectRowsAsync(visitor, 1);
        await visitor.Find("view").ClickAsync();
        await visitor.SeeAsync("payload", "not json");
        await visitor.SeeAsync("payload", "6e 6f 74 20 6a 73 6f 6e");

        // A retry would change nothing, and changes nothing.
        await visitor.Find("preview").ClickAsync();
        await visitor.SeeAsync("previews", "0 of 1 would become clicks.");
        await visitor.Find("retry").ClickAsync();
        await ConfirmAsync(visitor, "Retry");
        await visitor.SeeAsync("done", "0 stored as clicks, 1 still no click.");

        // A reason given up.
        await visitor.Find("discard").ClickAsync();
        await ConfirmAsync(visitor, "Discard");
        await visitor.SeeAsync("done", "1 discarded.");
        Assert.Equal(QuietPipeline.DeadLetters - 1, (await ListAsync(pipeline)).Count);

        // A selection given up.
        await visitor.Find("reason").SelectOptionAsync("");
        await ExpectRowsAsync(visitor, QuietPipeline.DeadLetters - 1);
        await visitor.Find("letters").Locator("tbody input").First.CheckAsync();
        await visitor.SeeAsync("actions", "1 selected");
        await visitor.Find("discard").ClickAsync();
        await ConfirmAsync(visitor, "Discard");
        await visitor.SeeAsync("done", "1 discarded.");

        // All that are left.
        await visitor.SeeAsync("actions", $"All {QuietPipeline.DeadLetters - 2}");
        await visitor.Find("discard").ClickAsync();
        await ConfirmAsync(visitor, "Discard");
        await visitor.SeeAsync("no-letters", "There are none.");
        Assert.Empty(await ListAsync(pipeline));

        // What was discarded stays accounted for.
        await visitor.OpenAsync("/");
        await visitor.SeeAsync("conservation", $"{QuietPipeline.DeadLetters} discarded");
        await visitor.SeeAsync("difference", "difference 0");
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Nothing_happens_where_the_question_is_answered_with_no()
    {
        var pipeline = new QuietPipeline();
        await using var _ = pipeline;
        await pipeline.InitializeAsync();
        await using var visitor = await chromium.VisitAsync(pipeline.Address);
        await visitor.OpenAsync("/dead-letters");

        await visitor.Find("discard").ClickAsync();
        await ConfirmAsync(visitor, "Cancel");

        await visitor.Page.GetByRole(AriaRole.Dialog).WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Hidden });
        Assert.Equal(QuietPipeline.DeadLetters, (await ListAsync(pipeline)).Count);
    }

    private static Task ConfirmAsync(Visitor visitor, string button) =>
        visitor.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = button, Exact = true }).ClickAsync();

    private static Task ExpectRowsAsync(Visitor visitor, int count) =>
        Assertions.Expect(visitor.Find("letters").Locator("tbody tr")).ToHaveCountAsync(count);

    private static async Task<List<JsonElement>> ListAsync(QuietPipeline pipeline) =>
        [.. (await pipeline.Silo.Http.GetFromJsonAsync<JsonElement>("/api/dead-letters")).EnumerateArray()];
}
