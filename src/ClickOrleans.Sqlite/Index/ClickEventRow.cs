using System.Globalization;
using ClickOrleans.Pipeline.Index;

namespace ClickOrleans.Sqlite.Index;

/// <summary>A row of <c>click_events</c>: a document with its times as ISO 8601 text.</summary>
internal sealed record ClickEventRow
{
    public required string Id { get; init; }
    public required long Version { get; init; }
    public required string Url { get; init; }
    public required string Country { get; init; }
    public required long Clicks { get; init; }
    public required long UniqueUsers { get; init; }
    public required string AverageTime { get; init; }
    public required long AverageTimeSeconds { get; init; }
    public required string FirstClick { get; init; }
    public required string LastClick { get; init; }
    public required string UpdatedAt { get; init; }

    public static ClickEventRow From(IndexDocument document) => new()
    {
        Id = document.Id,
        Version = document.Version,
        Url = document.Url,
        Country = document.Country,
        Clicks = document.Clicks,
        UniqueUsers = document.UniqueUsers,
        AverageTime = document.AverageTime,
        AverageTimeSeconds = document.AverageTimeSeconds,
        FirstClick = Format(document.FirstClick),
        LastClick = Format(document.LastClick),
        UpdatedAt = Format(document.UpdatedAt),
    };

    public IndexDocument ToDocument() => new(
        Id, Version, Url, Country, Clicks, UniqueUsers, AverageTime, AverageTimeSeconds,
        Parse(FirstClick), Parse(LastClick), Parse(UpdatedAt));

    private static string Format(DateTime time) => time.ToString("O", CultureInfo.InvariantCulture);

    private static DateTime Parse(string text) =>
        DateTime.ParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
}
