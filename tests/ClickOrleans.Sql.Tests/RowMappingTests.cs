using System.Data;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;
using Dapper;

namespace ClickOrleans.Sql.Tests;

public sealed class RowMappingTests
{
    private static readonly DateTime First = new DateTime(2024, 2, 29, 9, 8, 7, DateTimeKind.Utc).AddMicroseconds(60);

    private static readonly Rollup Expected =
        new(7, "/a", "DE", 5, 2, First, First.AddDays(1), First.AddDays(2), Version: 3, IndexedVersion: 1);

    public RowMappingTests() => RowMapping.Register();

    [Fact]
    public void A_row_with_times_as_text_is_a_rollup() =>
        Assert.Equal([Expected], Read<Rollup>(RollupRow(time => StoredTime.ToText(time))));

    [Fact]
    public void A_row_with_times_as_timestamps_is_a_rollup() =>
        Assert.Equal([Expected], Read<Rollup>(RollupRow(time => time)));

    [Fact]
    public void A_row_of_the_index_is_a_document()
    {
        var expected = IndexDocument.From(Expected);

        var documents = Read<IndexDocument>(
            ("id", expected.Id),
            ("version", expected.Version),
            ("url", expected.Url),
            ("country", expected.Country),
            ("clicks", expected.Clicks),
            ("unique_users", expected.UniqueUsers),
            ("average_time", expected.AverageTime),
            ("average_time_seconds", expected.AverageTimeSeconds),
            ("first_click", $"{expected.FirstClick:O}"),
            ("last_click", $"{expected.LastClick:O}"),
            ("updated_at", $"{expected.UpdatedAt:O}"));

        Assert.Equal([expected], documents);
    }

    [Fact]
    public void A_timestamp_that_is_not_in_utc_is_rejected()
    {
        var row = RollupRow(time => DateTime.SpecifyKind(time, DateTimeKind.Unspecified));

        var exception = Assert.Throws<DataException>(() => Read<Rollup>(row));

        Assert.Contains("first_click", exception.Message, StringComparison.Ordinal);
        Assert.IsType<FormatException>(exception.InnerException);
    }

    private static (string, object)[] RollupRow(Func<DateTime, object> time) =>
    [
        ("page_id", Expected.PageId),
        ("url", Expected.Url),
        ("country", Expected.Country),
        ("clicks", Expected.Clicks),
        ("unique_users", Expected.UniqueUsers),
        ("first_click", time(Expected.FirstClick)),
        ("last_click", time(Expected.LastClick)),
        ("updated_at", time(Expected.UpdatedAt)),
        ("version", Expected.Version),
        ("indexed_version", Expected.IndexedVersion),
    ];

    private static List<T> Read<T>(params (string Name, object Value)[] row)
    {
        using var table = new DataTable();
        foreach (var (name, value) in row)
        {
            var column = table.Columns.Add(name, value.GetType());
            if (value is DateTime { Kind: DateTimeKind.Utc })
            {
                column.DateTimeMode = DataSetDateTime.Utc;
            }
        }

        table.Rows.Add([.. row.Select(column => column.Value)]);
        using var reader = table.CreateDataReader();
        return reader.Parse<T>().ToList();
    }
}
