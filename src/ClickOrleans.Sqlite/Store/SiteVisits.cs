using System.Globalization;
using System.Runtime.InteropServices;

namespace ClickOrleans.Sqlite.Store;

/// <summary>Visitors of the whole site by day, each with a mask of the hours.</summary>
internal sealed class SiteVisits
{
    private const int DayLength = 10;
    private const int HourAt = 11;

    private readonly Dictionary<string, Dictionary<long, int>> _days = new(StringComparer.Ordinal);
    private string _lastDay = "";
    private Dictionary<long, int> _last = [];

    public IReadOnlyDictionary<string, Dictionary<long, int>> Days => _days;

    /// <param name="timestamp">As <see cref="ClickOrleans.Sql.StoredTime"/> text.</param>
    public void Add(long visitor, string timestamp)
    {
        if (!timestamp.AsSpan(0, DayLength).SequenceEqual(_lastDay))
        {
            _lastDay = timestamp[..DayLength];
            ref var day = ref CollectionsMarshal.GetValueRefOrAddDefault(_days, _lastDay, out _);
            _last = day ??= [];
        }

        CollectionsMarshal.GetValueRefOrAddDefault(_last, visitor, out _) |=
            1 << int.Parse(timestamp.AsSpan(HourAt, 2), CultureInfo.InvariantCulture);
    }
}
