using System.Globalization;
using ClickOrleans.Dashboard.Tests.Browsing;
using Microsoft.Playwright;

namespace ClickOrleans.Dashboard.Tests;

/// <summary>Time to first paint and transferred bytes of the overview.</summary>
public sealed class PageLoadTests(Chromium chromium, ActivePipelineFixture pipeline, ITestOutputHelper output)
    : IClassFixture<ActivePipelineFixture>
{
    private const double MaxFirstPaintMs = 1_000;

    /// <summary>The browser reports the paint asynchronously.</summary>
    private const string FirstContentfulPaint =
        """
        new Promise(resolve => new PerformanceObserver(paints => paints
            .getEntriesByName("first-contentful-paint")
            .forEach(paint => resolve(paint.startTime)))
          .observe({ type: "paint", buffered: true }))
        """;

    /// <summary>
    /// Everything that the overview loads. More than half of it is MudBlazor's style sheet, which only a published program serves
    /// compressed, at a tenth of the size.
    /// </summary>
    private const long MaxBytes = 1_200_000;

    [Fact]
    public async Task The_first_paint_takes_less_than_a_second_and_nothing_is_loaded_from_other_hosts()
    {
        // The silo is warm, the browser cache is empty.
        await using (var warmUp = await chromium.OpenSessionAsync(pipeline.Address))
        {
            await warmUp.OpenAsync("/");
        }

        await using var session = await chromium.OpenSessionAsync(pipeline.Address);
        var addresses = new List<string>();
        session.Page.Request += (_, request) => addresses.Add(request.Url);

        await session.OpenAsync("/");

        var paint = await session.Page.EvaluateAsync<double>(FirstContentfulPaint);
        var sizes = await session.Page.EvaluateAsync<string[]>(
            "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
            + ".map(entry => entry.transferSize + ' ' + new URL(entry.name).pathname)");
        var bytes = sizes.Sum(size => long.Parse(size.Split(' ')[0], CultureInfo.InvariantCulture));
        output.WriteLine($"first contentful paint {paint:0} ms, {bytes:N0} bytes in {sizes.Length} requests");
        output.WriteLine(string.Join(Environment.NewLine, sizes));
        Assert.InRange(paint, 0, MaxFirstPaintMs);
        Assert.InRange(bytes, 1, MaxBytes);
        Assert.All(addresses, address => Assert.StartsWith(pipeline.Address, address, StringComparison.Ordinal));
    }
}
