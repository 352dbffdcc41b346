using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Silo.Exporting;

/// <summary>What can be exported, column by column, under the names of the store.</summary>
internal static class ExportTables
{
    public static IReadOnlyList<ExportColumn<RawClick>> Clicks { get; } =
    [
        new NumberColumn<RawClick>("log_id", row => row.LogId),
        new NumberColumn<RawClick>("partition", row => row.Partition),
        new NumberColumn<RawClick>("offset", row => row.Offset),
        new TextColumn<RawClick>("user_id", row => row.Click.UserId),
        new TimeColumn<RawClick>("timestamp", row => row.Click.Timestamp),
        new TextColumn<RawClick>("url", row => row.Click.Url),
        new TextColumn<RawClick>("country", row => row.Click.Country),
        new TextColumn<RawClick>("city", row => row.Click.City),
        new TextColumn<RawClick>("browser", row => row.Click.Browser),
        new TextColumn<RawClick>("os", row => row.Click.Os),
        new TextColumn<RawClick>("device", row => row.Click.Device),
        new TextColumn<RawClick>("event_id", row => row.Click.EventId?.ToString("D")),
    ];

    public static IReadOnlyList<ExportColumn<Rollup>> Rollups { get; } =
    [
        new TextColumn<Rollup>("url", row => row.Url),
        new TextColumn<Rollup>("country", row => row.Country),
        new NumberColumn<Rollup>("clicks", row => row.Clicks),
        new NumberColumn<Rollup>("unique_users", row => row.UniqueUsers),
        new NumberColumn<Rollup>("average_time_seconds", row => row.AverageTimeSeconds),
        new TimeColumn<Rollup>("first_click", row => row.FirstClick),
        new TimeColumn<Rollup>("last_click", row => row.LastClick),
        new TimeColumn<Rollup>("updated_at", row => row.UpdatedAt),
    ];

    /// <summary>The rows of the whole site have neither url nor country.</summary>
    public static IReadOnlyList<ExportColumn<SeriesRow>> Series { get; } =
    [
        new TimeColumn<SeriesRow>("hour", row => row.Hour),
        new TextColumn<SeriesRow>("url", row => row.Url),
        new TextColumn<SeriesRow>("country", row => row.Country),
        new NumberColumn<SeriesRow>("clicks", row => row.Clicks),
        new NumberColumn<SeriesRow>("visitors", row => row.Visitors),
    ];
}
