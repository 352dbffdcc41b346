using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.Producing;

namespace ClickOrleans.FakeClicks;

/// <summary>
/// Fake clicks of visitors who browse in sessions: one comes, looks at some pages, favourites far more often than others, and
/// goes again. The same options and producer give the same sequence; only the time is the clock's. Used by one thread at a time.
/// </summary>
public sealed class ClickGenerator : IClickSource
{
    /// <summary>One visitor in so many is there at a time.</summary>
    private const int VisitorsPerSession = 20;

    private const double MeanPagesPerSession = 8;

    private readonly Population _population;
    private readonly TimeProvider _time;
    private readonly Random _random;

    /// <summary>All visitors in the order of this producer; the first of them are in session.</summary>
    private readonly int[] _visitors;

    /// <summary>For each session how many pages are still to come.</summary>
    private readonly int[] _pagesLeft;

    /// <summary>For each page the share of the views that it and those before it have: Zipf's law, exponent 1.</summary>
    private readonly double[] _viewShares;

    public ClickGenerator(GeneratorOptions options, int producer, TimeProvider time)
        : this(Population.Create(options), options.Seed, producer, time)
    {
    }

    /// <summary>For several producers that share a population.</summary>
    public ClickGenerator(Population population, int seed, int producer, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(producer);
        _population = population;
        _time = time;

        // Any large odd number keeps the sequences of neighbouring producers and seeds apart (Knuth, TAOCP 3, 6.4).
        _random = new Random(unchecked((seed * 668_265_263) ^ (producer * (int)2_654_435_761)));
        _visitors = [.. Enumerable.Range(0, population.Visitors.Count)];
        _random.Shuffle(_visitors);
        _pagesLeft = new int[Math.Max(1, _visitors.Length / VisitorsPerSession)];
        for (var session = 0; session < _pagesLeft.Length; session++)
        {
            _pagesLeft[session] = SessionLength();
        }

        _viewShares = ViewShares(population.Pages.Count);
    }

    /// <inheritdoc/>
    public Click Next()
    {
        var session = _random.Next(_pagesLeft.Length);
        var visitor = _population.Visitors[_visitors[session]];
        if (--_pagesLeft[session] == 0)
        {
            Replace(session);
        }

        return new Click(
            visitor.UserId,
            Now(),
            _population.Pages[NextPage()],
            visitor.Country,
            visitor.City,
            visitor.Browser,
            visitor.Os,
            visitor.Device);
    }

    private static double[] ViewShares(int pages)
    {
        var shares = new double[pages];
        var sum = 0.0;
        for (var rank = 0; rank < pages; rank++)
        {
            shares[rank] = sum += 1.0 / (rank + 1);
        }

        for (var rank = 0; rank < pages; rank++)
        {
            shares[rank] /= sum;
        }

        return shares;
    }

    /// <summary>One who was not there comes; nobody is ever in two sessions at once.</summary>
    private void Replace(int session)
    {
        if (_visitors.Length > _pagesLeft.Length)
        {
            var next = _random.Next(_pagesLeft.Length, _visitors.Length);
            (_visitors[session], _visitors[next]) = (_visitors[next], _visitors[session]);
        }

        _pagesLeft[session] = SessionLength();
    }

    /// <summary>At least one page; many short sessions, few long ones (geometric).</summary>
    private int SessionLength() =>
        1 + (int)(Math.Log(1 - _random.NextDouble()) / Math.Log(1 - (1 / MeanPagesPerSession)));

    private int NextPage()
    {
        var page = Array.BinarySearch(_viewShares, _random.NextDouble());
        return Math.Min(page < 0 ? ~page : page, _viewShares.Length - 1);
    }

    /// <summary>Cut to microseconds, which is what a click keeps.</summary>
    private DateTime Now()
    {
        var now = _time.GetUtcNow().UtcDateTime;
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
