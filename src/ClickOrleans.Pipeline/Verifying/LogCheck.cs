using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Verifying;

/// <summary>
/// Every consumed offset of every partition is accounted for exactly once: by a click, a dead letter, a duplicate, an accepted
/// loss, or an offset at which the log has no message (a control record).
/// </summary>
internal sealed class LogCheck(
    IClickLog log, LogIdentity identity, IStoreSnapshot snapshot, VerifyOptions options, VerifyReport report, TimeProvider time)
{
    private readonly RangeReader _reader = new(log, identity, time);
    private readonly DigestCheck _digests = new(snapshot, report);
    private long _offsets;
    private long _clicks;
    private long _duplicates;
    private long _explained;
    private long _compared;
    private long _sampleable;
    private long _sampled;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var partitions = await snapshot.GetPartitionsAsync(cancellationToken);
        var total = partitions.Sum(partition => partition.NextOffset - partition.StartOffset);
        foreach (var partition in partitions)
        {
            _offsets += partition.NextOffset - partition.StartOffset;
            _clicks += partition.StoredRows;
            _duplicates += partition.DuplicateRows;
            await CheckCountersAsync(partition, cancellationToken);
            var altered = await _digests.RunAsync(partition, cancellationToken);
            if (partition.TopicId != identity.TopicId)
            {
                await CheckReplacedLogAsync(partition, cancellationToken);
                continue;
            }

            var available = CheckEnd(partition, await log.GetOffsetsAsync(partition.Partition, cancellationToken));
            var diverged = await GetDivergedAsync(partition, cancellationToken);
            await CheckGapsAsync(partition, available, diverged, cancellationToken);
            await CompareAsync(partition, available, diverged, altered, total, cancellationToken);
        }

        report.AddCompared(
            $"{_offsets:N0} offsets of {partitions.Count} partitions with the store: {_clicks:N0} clicks, " +
            $"{_duplicates:N0} duplicates, {_offsets - _clicks - _duplicates - _explained:N0} dead letters or accepted losses, " +
            $"{_explained:N0} control records");
        report.ComparedShare = _sampleable == 0 ? 1 : (double)_sampled / _sampleable;
        report.AddCompared(
            $"{_compared:N0} records, {(_sampled < _sampleable ? $"sampled ({report.ComparedShare:P1}), " : "")}" +
            "field by field, with the log's messages");
        _digests.AddCompared();
    }

    private static string Name(AuditedPartition partition) => $"{partition.Topic} partition {partition.Partition}";

    /// <summary>Says where a log that went back is another.</summary>
    /// <returns>The offsets of the log that can be compared.</returns>
    private OffsetRange CheckEnd(AuditedPartition partition, OffsetRange available)
    {
        if (partition.ReplacedFrom is { } from)
        {
            var other = new OffsetRange(Math.Max(from, partition.StartOffset), partition.NextOffset);
            report.AddNote(
                $"{Name(partition)}: the log went back, and is another from offset {from} on, which was adopted" +
                (other.IsEmpty ? "" : $"; the records stored before at offsets {other} are no longer in the log"));
            return available with { End = Math.Min(available.End, from) };
        }

        if (partition.DivergedOffset is { } diverged)
        {
            report.AddDifference(
                $"{Name(partition)}: the log went back: it differs from what was stored from offset {diverged} on at the " +
                $"latest, and ends at {available.End}; the partition is stopped at {partition.NextOffset} until accept-loss or " +
                "adopt-log");
            return available with { End = Math.Min(available.End, diverged) };
        }

        if (partition.NextOffset > available.End)
        {
            report.AddDifference(
                $"{Name(partition)}: the stored offset is {partition.NextOffset}, the log ends at {available.End}");
        }

        return available;
    }

    /// <summary>Names the ranges in which the log may hold other records: an operator said so.</summary>
    private async Task<IReadOnlyList<OffsetRange>> GetDivergedAsync(
        AuditedPartition partition, CancellationToken cancellationToken)
    {
        var ranges = await snapshot.GetDivergedRangesAsync(partition, cancellationToken);
        foreach (var range in ranges)
        {
            report.AddNote(
                $"{Name(partition)}: the log went back, and holds other records at offsets {range.Offsets} than those stored; " +
                $"accepted at {range.At:u}");
        }

        return [.. ranges.Select(range => range.Offsets)];
    }

    private async Task CheckCountersAsync(AuditedPartition partition, CancellationToken cancellationToken)
    {
        if (partition.Stored != partition.StoredRows)
        {
            report.AddDifference(
                $"{Name(partition)}: {partition.Stored:N0} clicks were stored, clickstream_data has {partition.StoredRows:N0}");
        }

        if (partition.Duplicates != partition.DuplicateRows)
        {
            report.AddDifference(
                $"{Name(partition)}: {partition.Duplicates:N0} duplicates were counted, " +
                $"duplicate_clicks has {partition.DuplicateRows:N0}");
        }

        foreach (var offset in await snapshot.FindStrayOffsetsAsync(partition, options.MaxNamed, cancellationToken))
        {
            report.AddDifference(
                $"{Name(partition)} offset {offset}: stored outside the consumed offsets, or as more than one of click, dead " +
                "letter and duplicate");
        }
    }

    private async Task CheckReplacedLogAsync(AuditedPartition partition, CancellationToken cancellationToken)
    {
        var gaps = await snapshot.FindGapsAsync(partition, options.MaxNamed, cancellationToken);
        if (gaps.Count > 0)
        {
            report.AddNote(
                $"{Name(partition)} of the replaced log {partition.TopicId}: no row at offsets {string.Join(", ", gaps)}; " +
                "the log is gone, so whether they held messages is unknown");
        }
    }

    private async Task CheckGapsAsync(
        AuditedPartition partition, OffsetRange available, IReadOnlyList<OffsetRange> diverged,
        CancellationToken cancellationToken)
    {
        var named = 0;
        var gaps = await snapshot.FindGapsAsync(partition, int.MaxValue, cancellationToken);
        foreach (var gap in gaps.SelectMany(gap => gap.Except(diverged)))
        {
            var gone = new OffsetRange(gap.Start, Math.Min(gap.End, available.Start));
            if (!gone.IsEmpty)
            {
                report.AddNote(
                    $"{Name(partition)}: no row at offsets {gone}; " +
                    $"the log starts at {available.Start}, so whether they held messages is unknown");
            }

            var readable = new OffsetRange(Math.Max(gap.Start, available.Start), Math.Min(gap.End, available.End));
            var lost = 0L;
            await _reader.ReadAsync(
                partition.Partition,
                readable,
                message =>
                {
                    lost++;
                    if (named++ < options.MaxNamed)
                    {
                        report.AddDifference($"{Name(partition)} offset {message.Offset}: in the log, not in the store: lost");
                    }
                },
                cancellationToken);
            _explained += Math.Max(0, readable.Count) - lost;
        }

        if (named > options.MaxNamed)
        {
            report.AddDifference($"{Name(partition)}: {named - options.MaxNamed:N0} more offsets are lost");
        }
    }

    /// <param name="altered">Where all records are compared, so that those altered are named.</param>
    private async Task CompareAsync(
        AuditedPartition partition, OffsetRange available, IReadOnlyList<OffsetRange> diverged,
        IReadOnlyList<OffsetRange> altered, long total, CancellationToken cancellationToken)
    {
        var comparison = new RecordComparison(options.MaxNamed);
        var whole = new OffsetRange(
            Math.Max(partition.StartOffset, available.Start), Math.Min(partition.NextOffset, available.End));
        _sampleable += Math.Max(0, whole.Count);
        var sampled = whole.Except([.. diverged.Concat(altered).OrderBy(range => range.Start)])
            .SelectMany(part => EvenSample.Of(part, total, options.Sample, options.Phase));
        var suspected = altered
            .Select(range => new OffsetRange(Math.Max(range.Start, whole.Start), Math.Min(range.End, whole.End)))
            .SelectMany(range => range.Except(diverged))
            .SelectMany(part => EvenSample.Of(part, total, sample: 0));
        foreach (var range in sampled.Concat(suspected))
        {
            var records = await snapshot.ReadRecordsAsync(partition, range, cancellationToken);
            comparison.Expect(records);
            await _reader.ReadAsync(partition.Partition, range, comparison.Compare, cancellationToken);
            _compared += records.Count;
            _sampled += range.Count;
        }

        foreach (var difference in comparison.Differences)
        {
            report.AddDifference($"{Name(partition)} {difference}");
        }
    }
}
