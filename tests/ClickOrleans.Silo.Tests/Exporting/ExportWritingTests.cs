using System.Text;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Silo.Exporting;
using nietras.SeparatedValues;
using Parquet;
using Parquet.Schema;

namespace ClickOrleans.Silo.Tests.Exporting;

/// <summary>What is written is read back, value by value.</summary>
public sealed class ExportWritingTests
{
    private static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, 123, 456, DateTimeKind.Utc);

    private static readonly SeriesRow[] Rows =
    [
        new(Noon, 0, null, null, 7, 3),
        new(Noon.AddHours(1), 1, "/a,b\"c\"\nd", "N\u00e9\u4e2d\ud83d\ude00", long.MaxValue, null),
        new(Noon.AddHours(2), 2, "", " NL ", 0, 0),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Csv_has_a_header_and_quotes_what_must_be_quoted()
    {
        using var target = new MemoryStream();
        await WriteAsync(new CsvWriting<SeriesRow>(ExportTables.Series, target), Rows[..2], Rows[2..]);

        using var reader = Sep.New(',').Reader(options => options with { Unescape = true })
            .FromText(Encoding.UTF8.GetString(target.ToArray()));
        Assert.Equal(["hour", "url", "country", "clicks", "visitors"], reader.Header.ColNames);
        var read = new List<string>();
        foreach (var row in reader)
        {
            read.Add($"{row["hour"]}|{row["url"]}|{row["country"]}|{row["clicks"]}|{row["visitors"]}");
        }

        Assert.Equal(
            [
                "2026-03-01T12:00:00.123456Z|||7|3",
                $"2026-03-01T13:00:00.123456Z|{Rows[1].Url}|{Rows[1].Country}|9223372036854775807|",
                "2026-03-01T14:00:00.123456Z|| NL |0|0",
            ],
            read);
    }

    [Fact]
    public async Task A_table_without_rows_has_a_header_still()
    {
        using var target = new MemoryStream();
        await WriteAsync(new CsvWriting<SeriesRow>(ExportTables.Series, target));

        Assert.Equal("hour,url,country,clicks,visitors\n", Encoding.UTF8.GetString(target.ToArray()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40_000)]
    public async Task Parquet_has_the_rows_in_order_in_a_stream_that_cannot_seek(int times)
    {
        using var target = new MemoryStream();
        await using var counting = new CountingStream(target);
        await WriteAsync(
            await ParquetWriting<SeriesRow>.CreateAsync(ExportTables.Series, counting, Cancellation),
            [.. Enumerable.Repeat(Rows, times)]);

        target.Position = 0;
        await using var reader = await ParquetReader.CreateAsync(target, cancellationToken: Cancellation);
        Assert.Equal(ExportTables.Series.Select(column => column.Name), reader.Schema.DataFields.Select(field => field.Name));
        var at = 0;
        for (var group = 0; group < reader.RowGroupCount; group++)
        {
            using var rows = reader.OpenRowGroupReader(group);
            var count = (int)rows.RowCount;
            var hours = new DateTime[count];
            var urls = new string?[count];
            var countries = new string?[count];
            var clicks = new long?[count];
            var visitors = new long?[count];
            DataField Field(string name) => reader.Schema.DataFields.Single(field => field.Name == name);
            await rows.ReadAsync<DateTime>(Field("hour"), hours.AsMemory(), cancellationToken: Cancellation);
            await rows.ReadAsync(Field("url"), urls.AsMemory(), cancellationToken: Cancellation);
            await rows.ReadAsync(Field("country"), countries.AsMemory(), cancellationToken: Cancellation);
            await rows.ReadAsync<long>(Field("clicks"), clicks.AsMemory(), cancellationToken: Cancellation);
            await rows.ReadAsync<long>(Field("visitors"), visitors.AsMemory(), cancellationToken: Cancellation);
            for (var row = 0; row < count; row++, at++)
            {
                var expected = Rows[at % Rows.Length];
                Assert.Equal(
                    (expected.Hour, expected.Url, expected.Country, expected.Clicks, expected.Visitors),
                    (hours[row], urls[row], countries[row], clicks[row], visitors[row]));
            }
        }

        Assert.Equal(times * Rows.Length, at);
        Assert.Equal(times > 1, reader.RowGroupCount > 1);
    }

    private static async Task WriteAsync(IExportWriter<SeriesRow> writer, params SeriesRow[][] chunks)
    {
        await using (writer)
        {
            foreach (var chunk in chunks)
            {
                await writer.WriteAsync(chunk, Cancellation);
            }

            await writer.FinishAsync(Cancellation);
        }
    }
}
