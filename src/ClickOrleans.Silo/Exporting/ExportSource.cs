using System.Runtime.CompilerServices;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Silo.Exporting;

/// <summary>Reads what is exported, a chunk at a time, by event time.</summary>
internal sealed class ExportSource(IStoreAudit audit, IRollupStore rollups, ISeriesStore series)
{
    private const int Chunk = 5_000;

    /// <summary>Every click in the order of partitions and offsets, all of one moment.</summary>
    public async IAsyncEnumerable<IReadOnlyList<RawClick>> ClicksAsync(
        DateTime from, DateTime to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var snapshot = await audit.OpenSnapshotAsync(cancellationToken);
        foreach (var partition in await snapshot.GetPartitionsAsync(cancellationToken))
        {
            for (var start = partition.StartOffset; start < partition.NextOffset; start += Chunk)
            {
                var offsets = new OffsetRange(start, Math.Min(start + Chunk, partition.NextOffset));
                var records = await snapshot.ReadRecordsAsync(partition, offsets, cancellationToken);
                yield return
                [
                    .. records
                        .Where(record => record.Click is { } click && click.Timestamp >= from && click.Timestamp < to)
                        .Select(record => new RawClick(partition.LogId, partition.Partition, record.Offset, record.Click!)),
                ];
            }
        }
    }

    /// <summary>The rollups with clicks from the first to the last that touch the range, each as it is when it is read.</summary>
    public async IAsyncEnumerable<IReadOnlyList<Rollup>> RollupsAsync(
        DateTime from, DateTime to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<Rollup> page;
        for (var after = 0L; ; after = page[^1].PageId)
        {
            page = await rollups.ReadRollupsAsync(after, Chunk, cancellationToken);
            if (page.Count == 0)
            {
                break;
            }

            yield return [.. page.Where(rollup => rollup.LastClick >= from && rollup.FirstClick < to)];
        }
    }

    /// <summary>The hours that begin in the range, each with the site first and then its pages.</summary>
    public async IAsyncEnumerable<IReadOnlyList<SeriesRow>> SeriesAsync(
        DateTime from, DateTime to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var hour in await series.GetHoursAsync(SeriesScope.Site, from, to, cancellationToken))
        {
            yield return await series.GetRowsAsync(hour.Hour, cancellationToken);
        }
    }
}
