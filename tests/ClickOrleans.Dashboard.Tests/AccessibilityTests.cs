using ClickOrleans.Dashboard.Tests.Browsing;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace ClickOrleans.Dashboard.Tests;

/// <summary>Accessibility: axe-core, keyboard navigation, themes and time zones.</summary>
public sealed class AccessibilityTests(Chromium chromium, ActivePipelineFixture pipeline) : IClassFixture<ActivePipelineFixture>
{
    public static TheoryData<string, bool> Pages { get; } = new(
        from page in DashboardPages.Paths from dark in new[] { false, true } select (page, dark));

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Axe_reports_no_serious_violation(string path, bool dark)
    {
        await using var session = await chromium.OpenSessionAsync(pipeline.Address, dark);
        await session.OpenAsync(path);
        await DashboardPages.WaitUntilLoadedAsync(session, path);

        var result = await session.Page.RunAxe();

        var violations = string.Join(Environment.NewLine, result.Violations.Select(Format));
        Assert.True(result.Violations.All(violation => !IsSerious(violation)), violations);
    }

    [Fact]
    public async Task The_theme_is_switched_persisted_and_applied_before_the_first_paint()
    {
        await using var session = await chromium.OpenSessionAsync(pipeline.Address);
        await session.OpenAsync("/");
        var light = await BackgroundAsync(session);

        await session.Page
            .GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Switch between light and dark" })
            .ClickAsync();
        var dark = await BackgroundAsync(session);
        Assert.NotEqual(light, dark);

        var response = await session.Page.GotoAsync("/runs");
        Assert.Contains("data-theme=\"dark\"", await response!.TextAsync(), StringComparison.Ordinal);
        Assert.Equal(dark, await BackgroundAsync(session));
    }

    [Fact]
    public async Task Content_navigation_and_fields_are_reachable_by_keyboard()
    {
        await using var session = await chromium.OpenSessionAsync(pipeline.Address);
        await session.OpenAsync("/");

        // The focus starts at the headline; navigation and header precede it.
        await ExpectHeadlineFocusedAsync(session, "Overview");
        var names = new List<string>();
        while (names.Count < 20 && !names.Contains("Skip to content"))
        {
            await session.Page.Keyboard.PressAsync("Shift+Tab");
            names.Add(await FocusedAsync(session));
        }

        Assert.Equal(
            ["Orleans", "Explore", "Traffic", "Dead letters", "Runs", "Silos", "Consumers", "Control", "Overview"], names[..9]);
        Assert.Contains("Skip to content", names);
        await session.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Control" }).FocusAsync();
        await session.Page.Keyboard.PressAsync("Enter");
        await session.ExpectTextAsync("panel-producers", "Desired");
        await ExpectHeadlineFocusedAsync(session, "Control");
        await session.Page.GetByLabel("Clicks per second (all producers)").FocusAsync();
        await session.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("Apply", await FocusedAsync(session));
    }

    [Fact]
    public async Task The_range_of_the_traffic_is_chosen_by_keyboard_on_a_phone()
    {
        await using var session = await chromium.OpenSessionAsync(pipeline.Address);
        await session.Page.SetViewportSizeAsync(360, 740);
        await session.OpenAsync("/traffic");
        await session.Find("buckets").WaitForAsync();
        await Assertions.Expect(session.Find("buckets").Locator("tbody tr")).ToHaveCountAsync(24);

        await session.Find("range-24h").FocusAsync();
        await session.Page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(session.Find("buckets").Locator("tbody tr")).ToHaveCountAsync(7 * 24);
        await session.Page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(session.Find("buckets").Locator("tbody tr")).ToHaveCountAsync(30);

        await Assertions.Expect(session.Find("range-30d")).ToBeFocusedAsync();
        await session.ExpectTextAsync("range-pages", "Top pages, 30 days");
        Assert.True(await session.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        Assert.Empty(session.Errors);
    }

    [Fact]
    public async Task Times_are_shown_in_the_time_zone_of_the_browser_with_utc_in_the_tooltip()
    {
        await using var session = await chromium.OpenSessionAsync(pipeline.Address);
        await session.OpenAsync("/runs");

        // Read atomically: the next run becomes the first row.
        var time = await session.Find("runs").Locator("local-time").First.EvaluateAsync<string[]>(
            "one => [one.getAttribute('datetime'), one.shadowRoot.textContent, one.getAttribute('title')]");
        var utc = DateTime.Parse(time[0], null, System.Globalization.DateTimeStyles.RoundtripKind);

        var local = TimeZoneInfo.ConvertTimeFromUtc(utc, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        Assert.EndsWith($"{local:HH:mm:ss}", time[1], StringComparison.Ordinal);
        Assert.Equal($"{utc:yyyy-MM-dd HH:mm:ss} UTC", time[2]);
    }

    private static Task<string> BackgroundAsync(BrowserSession session) =>
        session.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");

    private static Task ExpectHeadlineFocusedAsync(BrowserSession session, string headline) =>
        Assertions.Expect(session.Page.Locator("h1", new PageLocatorOptions { HasText = headline })).ToBeFocusedAsync();

    private static Task<string> FocusedAsync(BrowserSession session) =>
        session.Page.EvaluateAsync<string>("document.activeElement.innerText.trim()");

    private static bool IsSerious(AxeResultItem violation) => violation.Impact is "serious" or "critical";

    private static string Format(AxeResultItem violation) =>
        $"{violation.Impact} {violation.Id}: {violation.Help}: "
        + string.Join(" | ", violation.Nodes.Take(4).Select(node => node.Html));
}
