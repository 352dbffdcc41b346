using System.Net.Http.Json;
using System.Text.Json;
using ClickOrleans.Dashboard.Tests.Browsing;
using Microsoft.Playwright;

namespace ClickOrleans.Dashboard.Tests;

/// <summary>Dead letters are viewed, retried and discarded on the page.</summary>
public sealed class DeadLetterTests(Chromium chromium)
{
    [Fact]
    public async Task Dead_letters_are_filtered_viewed_previewed_retried_and_discarded()
    {
        var pipeline = new IdlePipelineFixture();
        await using var _ = pipeline;
        await pipeline.InitializeAsync();
        await using var session = await chromium.OpenSessionAsync(pipeline.Address);
        await session.OpenAsync("/dead-letters");

        // All dead letters of the API are listed.
        var listed = (await ListAsync(pipeline)).Select(letter => letter.GetProperty("id").GetString()).ToList();
        Assert.Equal(IdlePipelineFixture.DeadLetters, listed.Count);
        Assert.Equal(listed, (await TableTests.RowsAsync(session, "letters")).Select(row => row[1]));

        // A payload is shown as text and as bytes.
        await session.Find("reason").SelectOptionAsync("malformed_json");
        await ExpectRowsAsync(session, 1);
        await session.Find("view").ClickAsync();
        await session.ExpectTextAsync("payload", "not json");
        await session.ExpectTextAsync("payload", "6e 6f 74 20 6a 73 6f 6e");

        // The preview and the retry agree: the message cannot be decoded.
        await session.Find("preview").ClickAsync();
        await session.ExpectTextAsync("previews", "0 of 1 would be stored as clicks.");
        await session.Find("retry").ClickAsync();
        await ConfirmAsync(session, "Retry");
        await session.ExpectTextAsync("result", "0 stored as clicks, 1 unchanged.");

        // Discard by reason.
        await session.Find("discard").ClickAsync();
        await ConfirmAsync(session, "Discard");
        await session.ExpectTextAsync("result", "1 discarded.");
        Assert.Equal(IdlePipelineFixture.DeadLetters - 1, (await ListAsync(pipeline)).Count);

        // Discard a selection.
        await session.Find("reason").SelectOptionAsync("");
        await ExpectRowsAsync(session, IdlePipelineFixture.DeadLetters - 1);
        await session.Find("letters").Locator("tbody input").First.CheckAsync();
        await session.ExpectTextAsync("actions", "1 selected");
        await session.Find("discard").ClickAsync();
        await ConfirmAsync(session, "Discard");
        await session.ExpectTextAsync("result", "1 discarded.");

        // Discard all.
        await session.ExpectTextAsync("actions", $"All {IdlePipelineFixture.DeadLetters - 2}");
        await session.Find("discard").ClickAsync();
        await ConfirmAsync(session, "Discard");
        await session.ExpectTextAsync("no-letters", "No dead letters.");
        Assert.Empty(await ListAsync(pipeline));

        // Discarded messages are still accounted for.
        await session.OpenAsync("/");
        await session.ExpectTextAsync("reconciliation", $"{IdlePipelineFixture.DeadLetters} discarded");
        await session.ExpectTextAsync("difference", "difference 0");
        Assert.Empty(session.Errors);
    }

    [Fact]
    public async Task Cancelling_the_confirmation_discards_nothing()
    {
        var pipeline = new IdlePipelineFixture();
        await using var _ = pipeline;
        await pipeline.InitializeAsync();
        await using var session = await chromium.OpenSessionAsync(pipeline.Address);
        await session.OpenAsync("/dead-letters");

        await session.Find("discard").ClickAsync();
        await ConfirmAsync(session, "Cancel");

        await session.Page.GetByRole(AriaRole.Dialog).WaitForAsync(
            new LocatorWaitForOptions { State = WaitForSelectorState.Hidden });
        Assert.Equal(IdlePipelineFixture.DeadLetters, (await ListAsync(pipeline)).Count);
    }

    private static Task ConfirmAsync(BrowserSession session, string button) =>
        session.Page.GetByRole(AriaRole.Dialog)
            .GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = button, Exact = true })
            .ClickAsync();

    private static Task ExpectRowsAsync(BrowserSession session, int count) =>
        Assertions.Expect(session.Find("letters").Locator("tbody tr")).ToHaveCountAsync(count);

    private static async Task<List<JsonElement>> ListAsync(IdlePipelineFixture pipeline) =>
        [.. (await pipeline.Silo.Http.GetFromJsonAsync<JsonElement>("/api/dead-letters")).EnumerateArray()];
}
