namespace ClickOrleans.Pipeline;

/// <summary>Pauses between attempts: doubling from the first up to the cap, each drawn between half and all of it.</summary>
public sealed class Backoff(TimeSpan first, TimeSpan cap, Random random)
{
    private int _attempt;

    /// <summary>The pause before the next attempt.</summary>
    public TimeSpan Next()
    {
        var pause = first * Math.Pow(2, _attempt);
        if (pause < cap)
        {
            _attempt++;
        }
        else
        {
            pause = cap;
        }

        return pause * (0.5 + random.NextDouble() / 2);
    }

    /// <summary>To be called after a success.</summary>
    public void Reset() => _attempt = 0;
}
