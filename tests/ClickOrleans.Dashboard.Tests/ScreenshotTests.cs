using ClickOrleans.Dashboard.Tests.Browsing;
using ClickOrleans.Testing.Silos;
using Microsoft.Playwright;

namespace ClickOrleans.Dashboard.Tests;

/// <summary>
/// Screenshots of each page at two widths and in both themes, written to <c>artifacts/dashboard</c>. Slow, so they run only in CI
/// (<c>CI=true</c>).
/// </summary>
public sealed class ScreenshotTests(Chromium chromium, ActivePipelineFixture pipeline) : IClassFixture<ActivePipelineFixture>
{
    public static TheoryData<string, int, bool> Screenshots { get; } = new(
        from page in DashboardPages.Paths
        from width in new[] { 1280, 390 }
        from dark in new[] { false, true }
        select (page, width, dark));

    [Theory]
    [MemberData(nameof(Screenshots))]
    public async Task A_page_fits_its_width(string path, int width, bool dark)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "Screenshots are taken only if CI=true.");
        await using var session = await chromium.OpenSessionAsync(pipeline.Address, dark, width);
        await session.OpenAsync(path);
        await DashboardPages.WaitUntilLoadedAsync(session, path);

        var file = DashboardPages.ScreenshotFile(path, width, dark);
        await session.Page.ScreenshotAsync(new PageScreenshotOptions { Path = file, FullPage = true });

        var overflow = await session.Page.EvaluateAsync<int>(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"{overflow} pixels too wide");
        Assert.Empty(session.Errors);
    }
}
