namespace ClickOrleans.Pipeline;

/// <summary>
/// Clicks with their offsets, column by column: the shape in which bulk statements take them, so that a click on its way
/// from the log to the store is never an object of its own.
/// </summary>
/// <remarks>All lists have the same length; row <c>i</c> is the <c>i</c>-th element of each.</remarks>
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

    public int Count => Offsets.Count;

    public Click this[int row] => new(
        UserIds[row],
        Timestamps[row],
        Urls[row],
        Countries[row],
        Cities[row],
        Browsers[row],
        OperatingSystems[row],
        Devices[row]);

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
    }
}
