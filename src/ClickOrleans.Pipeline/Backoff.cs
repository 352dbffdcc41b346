namespace ClickOrleans.Pipeline;

/// <summary>
/// How long to wait after each failure in a row: twice as long each time up to a cap, and of that a random part between half and
/// all, so that those who failed together do not come back together. Used by one thread at a time.
/// </summary>
public sealed class Backoff
{
    private readonly TimeSpan _first;
    private readonly TimeSpan _cap;
    private readonly Random _random;
    private TimeSpan _next;

    /// <param name="first">The most that the first wait takes.</param>
    /// <param name="cap">The most that any wait takes.</param>
    public Backoff(TimeSpan first, TimeSpan cap, Random random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(first, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(cap, first);
        ArgumentNullException.ThrowIfNull(random);
        _first = _next = first;
        _cap = cap;
        _random = random;
    }

    /// <summary>The wait before the next attempt.</summary>
    public TimeSpan Next()
    {
        var longest = _next;
        _next = longest > _cap / 2 ? _cap : longest * 2;
        return longest * (0.5 + (_random.NextDouble() / 2));
    }

    /// <summary>To be called after a success.</summary>
    public void Reset() => _next = _first;
}
