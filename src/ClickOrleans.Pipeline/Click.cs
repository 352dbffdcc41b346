namespace ClickOrleans.Pipeline;

/// <summary>One click: who looked at which page, when, from where, with what.</summary>
/// <param name="UserId">The visitor; also the message key in the log. Never empty.</param>
/// <param name="Timestamp">When the click happened (event time), UTC, microsecond precision, years 1970 to 9999.</param>
/// <param name="Url">The page. Never empty.</param>
/// <param name="EventId">Given by the producer, who repeats it where it sends the click again; null: it gave none.</param>
public sealed record Click(
    string UserId,
    DateTime Timestamp,
    string Url,
    string Country,
    string City,
    string Browser,
    string Os,
    string Device,
    Guid? EventId = null);
