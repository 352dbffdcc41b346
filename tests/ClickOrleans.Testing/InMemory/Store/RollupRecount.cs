using System.Collections.Immutable;
using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Testing.InMemory.Store;

/// <summary>Counts the folded clicks again and compares them with the rollups and the visitors, page by page.</summary>
internal sealed class RollupRecount(StoreState state, int? pages, double phase)
{
    private readonly ILookup<(string Url, string Country), Click> _clicks = state.Partitions.Values
        .SelectMany(rows => rows.Clicks.Where(rows.IsFolded))
        .ToLookup(click => (click.Click.Url, click.Click.Country), click => click.Click);

    /// <summary>In order of url and country. Pages without a rollup are always named.</summary>
    public IEnumerable<RollupDifference> Differences()
    {
        var rollups = state.Rollups.Values.Select(row => row.Rollup).ToDictionary(rollup => (rollup.Url, rollup.Country));
        var sampled = Sample(state, pages, phase).ToHashSet();
        return rollups.Where(entry => sampled.Contains(entry.Value.PageId)).Select(entry => entry.Key)
            .Concat(_clicks.Select(page => page.Key).Where(page => !rollups.ContainsKey(page)))
            .OrderBy(page => page.Url, StringComparer.Ordinal).ThenBy(page => page.Country, StringComparer.Ordinal)
            .SelectMany(page => Differences(page.Url, page.Country, rollups.GetValueOrDefault(page), [.. _clicks[page]]));
    }

    /// <summary>So many page ids, spread evenly.</summary>
    public static IEnumerable<long> Sample(StoreState state, int? pages, double phase)
    {
        var total = state.Rollups.Count;
        var shift = (int)(total * phase);
        return state.Rollups.Keys.Where((_, place) =>
            pages is null || (((place + 1) * pages) + shift) / total > ((place * pages) + shift) / total);
    }

    private IEnumerable<RollupDifference> Differences(string url, string country, Rollup? rollup, List<Click> clicks)
    {
        if (rollup is null || clicks.Count == 0)
        {
            return [rollup is null
                ? new RollupDifference(url, country, "rollup", "missing", $"{clicks.Count} clicks")
                : new RollupDifference(url, country, "rollup", $"{rollup.Clicks} clicks", "missing")];
        }

        var users = clicks.Select(click => click.UserId).ToHashSet();
        var visitors = state.Visitors.GetValueOrDefault(rollup.PageId) ?? ImmutableHashSet<string>.Empty;
        var known = visitors.Count(users.Contains);
        (string Name, string InRollup, string Recounted)[] fields =
        [
            ("clicks", $"{rollup.Clicks}", $"{clicks.Count}"),
            ("unique_users", $"{rollup.UniqueUsers}", $"{users.Count}"),
            ("first_click", $"{rollup.FirstClick:O}", $"{clicks.Min(click => click.Timestamp):O}"),
            ("last_click", $"{rollup.LastClick:O}", $"{clicks.Max(click => click.Timestamp):O}"),
            ("visitors", $"{visitors.Count}, {known} of them with clicks", $"{users.Count}, {users.Count} of them with clicks"),
        ];
        return fields.Where(field => field.InRollup != field.Recounted)
            .Select(field => new RollupDifference(url, country, field.Name, field.InRollup, field.Recounted));
    }
}
