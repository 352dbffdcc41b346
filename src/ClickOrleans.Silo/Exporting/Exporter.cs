namespace ClickOrleans.Silo.Exporting;

/// <summary>Writes a table to a stream; what is in memory is a chunk, however long the table.</summary>
internal sealed class Exporter(ExportSource source)
{
    /// <param name="report">Told the rows written so far.</param>
    /// <returns>Rows written.</returns>
    public Task<long> RunAsync(
        ExportRequest request, Stream target, Action<long> report, CancellationToken cancellationToken) => request.What switch
        {
            ExportRequest.Clicks => WriteAsync(
                request, ExportTables.Clicks, source.ClicksAsync(request.From, request.To, cancellationToken), target, report,
                cancellationToken),
            ExportRequest.Rollups => WriteAsync(
                request, ExportTables.Rollups, source.RollupsAsync(request.From, request.To, cancellationToken), target, report,
                cancellationToken),
            _ => WriteAsync(
                request, ExportTables.Series, source.SeriesAsync(request.From, request.To, cancellationToken), target, report,
                cancellationToken),
        };

    private static async Task<long> WriteAsync<TRow>(
        ExportRequest request,
        IReadOnlyList<ExportColumn<TRow>> columns,
        IAsyncEnumerable<IReadOnlyList<TRow>> chunks,
        Stream target,
        Action<long> report,
        CancellationToken cancellationToken)
    {
        await using IExportWriter<TRow> writer = request.Format == ExportRequest.Parquet
            ? await ParquetWriting<TRow>.CreateAsync(columns, target, cancellationToken)
            : new CsvWriting<TRow>(columns, target);
        var written = 0L;
        await foreach (var rows in chunks.WithCancellation(cancellationToken))
        {
            await writer.WriteAsync(rows, cancellationToken);
            written += rows.Count;
            report(written);
        }

        await writer.FinishAsync(cancellationToken);
        return written;
    }
}
