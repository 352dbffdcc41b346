using ClickOrleans.Pipeline;

namespace ClickOrleans.Sql;

/// <summary>A row of <c>clickstream_data</c>.</summary>
internal class ClickRow
{
    public long Offset { get; init; }
    public string UserId { get; init; } = "";
    public DateTime Timestamp { get; init; }
    public string Url { get; init; } = "";
    public string Country { get; init; } = "";
    public string City { get; init; } = "";
    public string Browser { get; init; } = "";
    public string Os { get; init; } = "";
    public string Device { get; init; } = "";
    public object? EventId { get; init; }

    public Click ToClick() => new(UserId, Timestamp, Url, Country, City, Browser, Os, Device, StoredUuid.Read(EventId));
}
