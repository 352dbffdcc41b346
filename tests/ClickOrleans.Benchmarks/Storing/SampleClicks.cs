using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Benchmarks.Storing;

/// <summary>Synthetic clicks without the generator's cost: about 150 bytes each, with a skewed distribution of pages.</summary>
/// <param name="spacingMs">Between two clicks of a partition.</param>
/// <param name="late">Of a hundred clicks this many come late by up to five days.</param>
internal sealed class SampleClicks(int seed, int spacingMs = 40, int late = 0)
{
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly string[] Countries =
        ["Netherlands", "Belgium", "Germany", "France", "Brazil", "Japan", "India", "United States"];

    private static readonly string[] Cities = [.. Enumerable.Range(0, 300).Select(city => $"City of {city:x4}burg")];
    private static readonly string[] Urls = [.. Enumerable.Range(0, 200).Select(page =>
        $"https://shop.example.com/category-{page % 12}/product/{page}")];
    private static readonly string[] Systems = ["Windows 11", "macOS 15.1", "Android 15", "iOS 18.1", "Linux"];
    private static readonly string[] Devices = ["desktop", "phone", "tablet"];
    private static readonly string[] Browsers = [.. Enumerable.Range(100, 40).Select(
        version => $"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/{version}.0.0.0")];

    private readonly Random _random = new(seed);

    /// <param name="newVisitors">Of ten clicks this many are by a new visitor, the others by one of 10,000.</param>
    public ClickBatch Batch(short logId, int partition, long start, int count, int newVisitors = 0)
    {
        var batch = new ClickBatch { LogId = logId, Partition = partition, ExpectedOffset = start, NextOffset = start + count };
        for (var offset = start; offset < start + count; offset++)
        {
            batch.Clicks.Add(offset, Click(partition, offset, newVisitors), default(VisitorKey));
        }

        return batch;
    }

    private TimeSpan Lateness() =>
        late > 0 && _random.Next(100) < late ? TimeSpan.FromDays(5 * _random.NextDouble()) : TimeSpan.Zero;

    private Click Click(int partition, long offset, int newVisitors)
    {
        var known = _random.Next(10) >= newVisitors;
        var visitor = known ? _random.Next(10_000) : (offset * 64) + partition + 10_000;
        return new Click(
            $"{visitor * 2654435761 % 4294967296:x8}-user-{visitor:x10}",
            Start.AddMilliseconds((offset * spacingMs) + partition) - Lateness(),
            Urls[(int)(Urls.Length * Math.Pow(_random.NextDouble(), 2))],
            Countries[_random.Next(Countries.Length)],
            Cities[_random.Next(Cities.Length)],
            Browsers[_random.Next(Browsers.Length)],
            Systems[_random.Next(Systems.Length)],
            Devices[_random.Next(Devices.Length)]);
    }
}
