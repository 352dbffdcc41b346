using System.Globalization;
using ClickOrleans.Dashboard.Tests.Browsing;
using Microsoft.Playwright;

namespace ClickOrleans.Dashboard.Tests;

/// <summary>How soon there is something to see, and how much has to come for it.</summary>
public sealed class WeightTests(Chromium chromium, PipelineInUse pipeline, ITestOutputHelper output) : IClassFixture<PipelineInUse>
{
    private const double FirstPaint = 1_000;

    /// <summary>The browser tells of it some time after it.</summary>
    private const string FirstContentfulPaint =
        """
        new Promise(told => new PerformanceObserver(paints => paints.getEntriesByName("first-contentful-paint").forEach(paint => told(paint.startTime)))
          .observe({ type: "paint", buffered: true }))
        """;

    /// <summary>
    /// Of everything the overview loads, more than half of it MudBlazor's style sheet: style sheets come as they are from a program that was
    /// only built, and as a tenth of that from one that was published.
    /// </summary>
    private const long HeaviestBytes = 1_200_000;

    [Fact]
    public async Task The_first_paint_comes_within_a_second_and_nothing_comes_from_elsewhere()
    {
        // The silo has shown its pages before; the browser has nothing of them.
        await using (var before = await chromium.VisitAsync(pipeline.Address))
        {
            await before.OpenAsync("/");
        }

        await using var visitor = await chromium.VisitAsync(pipeline.Address);
        var addresses = new List<string>();
        visitor.Page.Request += (_, request) => addresses.Add(request.Url);

        await visitor.OpenAsync("/");

        var paint = await visitor.Page.EvaluateAsync<double>(FirstContentfulPaint);
        var sizes = await visitor.Page.EvaluateAsync<string[]>(
            "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map(entry => entry.transferSize + ' ' + new URL(entry.name).pathname)");
        var bytes = sizes.Sum(size => long.Parse(size.Split(' ')[0], CultureInfo.InvariantCulture));
        output.WriteLine($"first contentful paint {paint:0} ms, {bytes:N0} bytes in {sizes.Length} requests");
        output.WriteLine(string.Join(Environment.NewLine, sizes));
        Assert.InRange(paint, 0, FirstPaint);
        Assert.InRange(bytes, 1, HeaviestBytes);
        Assert.All(addresses, address => Assert.StartsWith(pipeline.Address, address, StringComparison.Ordinal));
    }
}
