using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Series;

public enum SeriesStep
{
    Hour,
    Day,
}

/// <summary>Clicks of which pages, in which buckets of time.</summary>
/// <param name="Boundaries">The beginnings of the buckets in order, and the end of the last: whole hours of UTC.</param>
public sealed record SeriesRequest(SeriesScope Scope, SeriesStep Step, IReadOnlyList<DateTime> Boundaries)
{
    /// <summary>A longer answer is refused: more than a year of hours.</summary>
    public const int MostBuckets = 10_000;

    public DateTime From => Boundaries[0];

    public DateTime To => Boundaries[^1];

    public int Buckets => Boundaries.Count - 1;

    /// <summary>The last hours or days, the one that is running included.</summary>
    public static SeriesRequest Last(int buckets, SeriesStep step, DateTime now, SeriesScope scope)
    {
        var first = step == SeriesStep.Hour ? now.AddHours(1 - buckets) : now.AddDays(1 - buckets);
        return new SeriesRequest(scope, step, SeriesZone.Utc.Boundaries(first, now.AddTicks(1), step));
    }
}

/// <summary>A bucket of a series.</summary>
/// <param name="From">Its beginning.</param>
/// <param name="Visitors">Different visitors of the whole site; null where a page or a country is asked for.</param>
public sealed record SeriesItem(DateTime From, long Clicks, long? Visitors);
