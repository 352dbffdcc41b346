using ClickOrleans.Dashboard.Tests.Browsing;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace ClickOrleans.Dashboard.Tests;

/// <summary>What axe-core finds, and what a hand on a keyboard finds.</summary>
public sealed class AccessibilityTests(Chromium chromium, PipelineInUse pipeline) : IClassFixture<PipelineInUse>
{
    public static TheoryData<string, bool> Pages { get; } = new(from page in Site.Pages from dark in new[] { false, true } select (page, dark));

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Axe_has_nothing_serious_to_say(string path, bool dark)
    {
        await using var visitor = await chromium.VisitAsync(pipeline.Address, dark);
        await visitor.OpenAsync(path);
        await Site.SettleAsync(visitor, path);

        var result = await visitor.Page.RunAxe();

        Assert.True(result.Violations.All(finding => !IsSerious(finding)), string.Join(Environment.NewLine, result.Violations.Select(Show)));
    }

    [Fact]
    public async Task The_theme_is_switched_kept_and_known_before_the_first_paint()
    {
        await using var visitor = await chromium.VisitAsync(pipeline.Address);
        await visitor.OpenAsync("/");
        var light = await BackgroundAsync(visitor);

        await visitor.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Switch between light and dark" }).ClickAsync();
        var dark = await BackgroundAsync(visitor);
        Assert.NotEqual(light, dark);

        var answer = await visitor.Page.GotoAsync("/runs");
        Assert.Contains("data-theme=\"dark\"", await answer!.TextAsync(), StringComparison.Ordinal);
        Assert.Equal(dark, await BackgroundAsync(visitor));
    }

    [Fact]
    public async Task The_keyboard_reaches_the_content_the_pages_and_the_fields()
    {
        await using var visitor = await chromium.VisitAsync(pipeline.Address);
        await visitor.OpenAsync("/");

        // A page begins at its headline; the pages and the head are before it.
        await ExpectHeadlineFocusedAsync(visitor, "Overview");
        var names = new List<string>();
        while (names.Count < 20 && !names.Contains("Skip to the content"))
        {
            await visitor.Page.Keyboard.PressAsync("Shift+Tab");
            names.Add(await FocusedAsync(visitor));
        }

        Assert.Equal(["Orleans", "Explore", "Dead letters", "Runs", "Silos", "Consumers", "Control", "Overview"], names[..8]);
        Assert.Contains("Skip to the content", names);
        await visitor.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Control" }).FocusAsync();
        await visitor.Page.Keyboard.PressAsync("Enter");
        await visitor.SeeAsync("panel-producers", "Wanted");
        await ExpectHeadlineFocusedAsync(visitor, "Control");
        await visitor.Page.GetByLabel("Clicks per second, all together").FocusAsync();
        await visitor.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("Apply", await FocusedAsync(visitor));
    }

    [Fact]
    public async Task A_time_is_the_visitors_own_and_says_utc_when_it_is_pointed_at()
    {
        await using var visitor = await chromium.VisitAsync(pipeline.Address);
        await visitor.OpenAsync("/runs");

        // All of it at one moment: the next run takes the first row.
        var time = await visitor.Find("runs").Locator("local-time").First.EvaluateAsync<string[]>(
            "one => [one.getAttribute('datetime'), one.shadowRoot.textContent, one.getAttribute('title')]");
        var utc = DateTime.Parse(time[0], null, System.Globalization.DateTimeStyles.RoundtripKind);

        var local = TimeZoneInfo.ConvertTimeFromUtc(utc, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        Assert.EndsWith($"{local:HH:mm:ss}", time[1], StringComparison.Ordinal);
        Assert.Equal($"{utc:yyyy-MM-dd HH:mm:ss} UTC", time[2]);
    }

    private static Task<string> BackgroundAsync(Visitor visitor) =>
        visitor.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");

    private static Task ExpectHeadlineFocusedAsync(Visitor visitor, string headline) =>
        Assertions.Expect(visitor.Page.Locator("h1", new PageLocatorOptions { HasText = headline })).ToBeFocusedAsync();

    private static Task<string> FocusedAsync(Visitor visitor) => visitor.Page.EvaluateAsync<string>("document.activeElement.innerText.trim()");

    private static bool IsSerious(AxeResultItem finding) => finding.Impact is "serious" or "critical";

    private static string Show(AxeResultItem finding) =>
        $"{finding.Impact} {finding.Id}: {finding.Help}: {string.Join(" | ", finding.Nodes.Take(4).Select(node => node.Html))}";
}
