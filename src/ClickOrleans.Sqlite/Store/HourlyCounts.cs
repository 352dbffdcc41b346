using System.Runtime.InteropServices;
using ClickOrleans.Sql;

namespace ClickOrleans.Sqlite.Store;

/// <summary>Clicks by the hour of UTC, in the form of <see cref="StoredTime"/>.</summary>
internal sealed class HourlyCounts
{
    // Clicks come by and large in order of time: most are of the hour of the one before.
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    private string _last = "";
    private long _lastClicks;

    /// <summary>Each hour, cut to <see cref="StoredTime.HourLength"/>, with its clicks.</summary>
    public IEnumerable<KeyValuePair<string, long>> Counts
    {
        get
        {
            Flush();
            return _counts;
        }
    }

    public void Add(string timestamp)
    {
        var hour = timestamp.AsSpan(0, StoredTime.HourLength);
        if (!hour.SequenceEqual(_last))
        {
            Flush();
            _last = hour.ToString();
        }

        _lastClicks++;
    }

    private void Flush()
    {
        if (_lastClicks > 0)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, _last, out _) += _lastClicks;
            _lastClicks = 0;
        }
    }
}
