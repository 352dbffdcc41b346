namespace ClickOrleans.Pipeline;

/// <summary>
/// Clicks with their offsets, column by column: the shape in which bulk statements take them, so that a click on its way
/// from the log to the store is never an object of its own.
/// </summary>
/// <remarks>
/// All lists have the same length, but for <see cref="EventIds"/>; row <c>i</c> is the <c>i</c>-th element of each.
/// </remarks>
public sealed class ClickColumns
{
    /// <summary>With which the decoder hashes user ids to visitors: the store's.</summary>
    public VisitorKey Key { get; set; }

    public List<long> Offsets { get; } = [];
    public List<string> UserIds { get; } = [];
    public List<DateTime> Timestamps { get; } = [];
    public List<string> Urls { get; } = [];
    public List<string> Countries { get; } = [];
    public List<string> Cities { get; } = [];
    public List<string> Browsers { get; } = [];
    public List<string> OperatingSystems { get; } = [];
    public List<string> Devices { get; } = [];

    /// <summary>The user ids' keyed hashes (<see cref="VisitorKey"/>).</summary>
    public List<long> Visitors { get; } = [];

    /// <summary>Empty as long as none of the clicks has one.</summary>
    public List<Guid?> EventIds { get; } = [];

    /// <summary>Clicks whose event id was no UUID: they have none.</summary>
    public int UnusableEventIds { get; set; }

    public int Count => Offsets.Count;

    public Click this[int row] => new(
        UserIds[row],
        Timestamps[row],
        Urls[row],
        Countries[row],
        Cities[row],
        Browsers[row],
        OperatingSystems[row],
        Devices[row],
        EventIds.Count > 0 ? EventIds[row] : null);

    /// <param name="key">The store's.</param>
    public void Add(long offset, Click click, VisitorKey key) => Add(offset, click, key.Hash(click.UserId));

    /// <param name="visitor">The keyed hash of the click's user id.</param>
    public void Add(long offset, Click click, long visitor)
    {
        Offsets.Add(offset);
        UserIds.Add(click.UserId);
        Timestamps.Add(click.Timestamp);
        Urls.Add(click.Url);
        Countries.Add(click.Country);
        Cities.Add(click.City);
        Browsers.Add(click.Browser);
        OperatingSystems.Add(click.Os);
        Devices.Add(click.Device);
        Visitors.Add(visitor);
        AddEventId(click.EventId);
    }

    /// <summary>The event id of the click that was added last.</summary>
    public void AddEventId(Guid? id)
    {
        if (id is null && EventIds.Count == 0)
        {
            return;
        }

        while (EventIds.Count < Count - 1)
        {
            EventIds.Add(null);
        }

        EventIds.Add(id);
    }

    /// <param name="offsets">In order; each has a click.</param>
    public void RemoveAt(IReadOnlyList<long> offsets)
    {
        var removed = offsets.Select(offset => Offsets.BinarySearch(offset)).ToList();
        Keep(Offsets, removed);
        Keep(UserIds, removed);
        Keep(Timestamps, removed);
        Keep(Urls, removed);
        Keep(Countries, removed);
        Keep(Cities, removed);
        Keep(Browsers, removed);
        Keep(OperatingSystems, removed);
        Keep(Devices, removed);
        Keep(Visitors, removed);
        Keep(EventIds, removed);
    }

    /// <summary>Moves what is not removed together.</summary>
    private static void Keep<T>(List<T> values, List<int> removed)
    {
        var (kept, next) = (0, 0);
        for (var row = 0; row < values.Count; row++)
        {
            if (next < removed.Count && removed[next] == row)
            {
                next++;
            }
            else
            {
                values[kept++] = values[row];
            }
        }

        values.RemoveRange(kept, values.Count - kept);
    }

    /// <summary>Empties the columns and keeps their memory for the next batch.</summary>
    public void Clear()
    {
        Offsets.Clear();
        UserIds.Clear();
        Timestamps.Clear();
        Urls.Clear();
        Countries.Clear();
        Cities.Clear();
        Browsers.Clear();
        OperatingSystems.Clear();
        Devices.Clear();
        Visitors.Clear();
        EventIds.Clear();
        UnusableEventIds = 0;
    }

    /// <summary>Gives the memory of large columns back, where they are empty.</summary>
    public void Trim()
    {
        const int Small = 128;
        if (Count > 0 || Offsets.Capacity <= Small)
        {
            return;
        }

        Offsets.TrimExcess();
        UserIds.TrimExcess();
        Timestamps.TrimExcess();
        Urls.TrimExcess();
        Countries.TrimExcess();
        Cities.TrimExcess();
        Browsers.TrimExcess();
        OperatingSystems.TrimExcess();
        Devices.TrimExcess();
        Visitors.TrimExcess();
        EventIds.TrimExcess();
    }
}
