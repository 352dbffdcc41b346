namespace ClickOrleans.Silo.Exporting;

/// <summary>Writes rows in a format. The target is complete once <see cref="FinishAsync"/> has returned.</summary>
internal interface IExportWriter<in TRow> : IAsyncDisposable
{
    Task WriteAsync(IReadOnlyList<TRow> rows, CancellationToken cancellationToken);

    Task FinishAsync(CancellationToken cancellationToken);
}
