using System.Text;
using nietras.SeparatedValues;

namespace ClickOrleans.Silo.Exporting;

/// <summary>
/// CSV (RFC 4180) in UTF-8 with a header, times as in the store; a value that is not there is empty. Each chunk is made in memory
/// and written without blocking: a response takes no other.
/// </summary>
internal sealed class CsvWriting<TRow>(IReadOnlyList<ExportColumn<TRow>> columns, Stream target) : IExportWriter<TRow>
{
    private bool _hasHeader;

    public async Task WriteAsync(IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
    {
        if (!_hasHeader)
        {
            await WriteAsync(string.Join(',', columns.Select(column => column.Name)) + "\n", cancellationToken);
            _hasHeader = true;
        }

        if (rows.Count > 0)
        {
            await WriteAsync(Text(rows), cancellationToken);
        }
    }

    public Task FinishAsync(CancellationToken cancellationToken) => WriteAsync([], cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private string Text(IReadOnlyList<TRow> rows)
    {
        using var text = new StringWriter { NewLine = "\n" };
        using (var writer = Sep.New(',').Writer(options => options with { WriteHeader = false, Escape = true }).To(text))
        {
            foreach (var row in rows)
            {
                using var line = writer.NewRow();
                foreach (var column in columns)
                {
                    line[column.Name].Set(column.Text(row));
                }
            }
        }

        return text.ToString();
    }

    private async Task WriteAsync(string text, CancellationToken cancellationToken) =>
        await target.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
}
