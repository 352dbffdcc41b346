using ClickOrleans.Dashboard.Tests.Browsing;
using ClickOrleans.Testing.Silos;
using Microsoft.Playwright;

namespace ClickOrleans.Dashboard.Tests;

/// <summary>
/// Each page at two widths and in both themes, as pictures for a person to look at: <c>artifacts/dashboard</c>. It takes a minute or two, so
/// only CI takes them, or whoever sets <c>CI=true</c>.
/// </summary>
public sealed class ScreenshotTests(Chromium chromium, PipelineInUse pipeline) : IClassFixture<PipelineInUse>
{
    public static TheoryData<string, int, bool> Pictures { get; } =
        new(from page in Site.Pages from width in new[] { 1280, 390 } from dark in new[] { false, true } select (page, width, dark));

    [Theory]
    [MemberData(nameof(Pictures))]
    public async Task A_page_fits_its_width(string path, int width, bool dark)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "Pictures of the pages are taken where CI=true.");
        await using var visitor = await chromium.VisitAsync(pipeline.Address, dark, width);
        await visitor.OpenAsync(path);
        await Site.SettleAsync(visitor, path);

        await visitor.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Site.Picture(path, width, dark), FullPage = true });

        var overflow = await visitor.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"{overflow} pixels too wide");
        Assert.Empty(visitor.Complaints);
    }
}
