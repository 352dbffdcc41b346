using Parquet;
using Parquet.Schema;

namespace ClickOrleans.Silo.Exporting;

/// <summary>Parquet, so many rows in a row group; times are timestamps in UTC with microseconds.</summary>
internal sealed class ParquetWriting<TRow> : IExportWriter<TRow>
{
    private const int RowsOfGroup = 50_000;

    private readonly IReadOnlyList<(ExportColumn<TRow> Column, DataField Field)> _columns;
    private readonly ParquetWriter _writer;
    private readonly List<TRow> _rows = [];

    private ParquetWriting(IReadOnlyList<(ExportColumn<TRow> Column, DataField Field)> columns, ParquetWriter writer)
    {
        _columns = columns;
        _writer = writer;
    }

    public static async Task<ParquetWriting<TRow>> CreateAsync(
        IReadOnlyList<ExportColumn<TRow>> columns, Stream target, CancellationToken cancellationToken)
    {
        List<(ExportColumn<TRow>, DataField Field)> fields = [.. columns.Select(column => (column, FieldOf(column)))];
        var schema = new ParquetSchema(fields.ConvertAll(field => field.Field));
        return new ParquetWriting<TRow>(
            fields, await ParquetWriter.CreateAsync(schema, target, cancellationToken: cancellationToken));
    }

    public async Task WriteAsync(IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
    {
        _rows.AddRange(rows);
        if (_rows.Count >= RowsOfGroup)
        {
            await FlushAsync(cancellationToken);
        }
    }

    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        if (_rows.Count > 0)
        {
            await FlushAsync(cancellationToken);
        }

        // Writes the footer, without which the file is none.
        await _writer.DisposeAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static DataField FieldOf(ExportColumn<TRow> column) => column switch
    {
        TextColumn<TRow> => new DataField<string>(column.Name, nullable: true),
        NumberColumn<TRow> => new DataField<long?>(column.Name),
        _ => new DateTimeDataField(
            column.Name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Micros, isNullable: false),
    };

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        using var group = _writer.CreateRowGroup();
        foreach (var (column, field) in _columns)
        {
            switch (column)
            {
                case TextColumn<TRow> text:
                    await group.WriteAsync(field, _rows.ConvertAll(row => text.Value(row)!));
                    break;
                case NumberColumn<TRow> number:
                    await group.WriteAsync<long>(
                        field, _rows.Select(number.Value).ToArray().AsMemory(), cancellationToken: cancellationToken);
                    break;
                case TimeColumn<TRow> time:
                    await group.WriteAsync<DateTime>(
                        field, _rows.Select(time.Value).ToArray().AsMemory(), cancellationToken: cancellationToken);
                    break;
            }
        }

        group.CompleteValidate();
        _rows.Clear();
    }
}
