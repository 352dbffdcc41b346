namespace ClickOrleans.Pipeline.Producing;

/// <summary>
/// How many of something are due at a rate by now. It counts against the time since the rate was set, not from step to step, so
/// that late wake-ups do not add up; after a stall no more than a second's worth is made up for.
/// </summary>
internal sealed class Pacer(TimeProvider time)
{
    /// <summary>Rate times time may come out a little under a whole number.</summary>
    private const double Rounding = 1e-6;

    private long _since = time.GetTimestamp();
    private double _rate;
    private double _owed;

    /// <param name="ratePerSecond">From now on; what the rate so far had made due stays due.</param>
    public double Due(double ratePerSecond)
    {
        var now = time.GetTimestamp();
        var due = _owed + (_rate * time.GetElapsedTime(_since, now).TotalSeconds) + Rounding;
        var most = Math.Max(1, ratePerSecond);
        if (ratePerSecond != _rate || due > most)
        {
            due = Math.Min(due, most);
            (_since, _rate, _owed) = (now, ratePerSecond, due - Rounding);
        }

        return due;
    }

    public void Take(int count) => _owed -= count;
}
