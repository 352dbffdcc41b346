using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Verifying;

/// <summary>
/// The stored clicks are those that were committed: read again, they have the digests kept with their commits. Clicks of retried
/// dead letters and those that a version without digests stored have none.
/// </summary>
internal sealed class DigestCheck(IStoreSnapshot snapshot, VerifyReport report)
{
    private long _clicks;

    /// <summary>Names the ranges whose clicks differ.</summary>
    public async Task<IReadOnlyList<OffsetRange>> RunAsync(AuditedPartition partition, CancellationToken cancellationToken)
    {
        var differing = new List<OffsetRange>();
        foreach (var kept in await snapshot.GetDigestsAsync(partition, cancellationToken))
        {
            var found = await ReadAsync(partition, kept.Offsets, cancellationToken);
            _clicks += found.Clicks;
            if (found == (kept.Clicks, kept.Digest))
            {
                continue;
            }

            differing.Add(kept.Offsets);
            report.AddDifference(
                $"{partition.Topic} partition {partition.Partition} offsets {kept.Offsets}, stored on {kept.Day}: "
                + (found.Clicks == kept.Clicks
                    ? "clicks were altered since: they do not have the digest kept with their commits"
                    : $"{kept.Clicks:N0} clicks were stored, {found.Clicks:N0} are there"));
        }

        return differing;
    }

    public void AddCompared() => report.AddCompared($"{_clicks:N0} clicks with the digests kept with their commits");

    private async Task<(long Clicks, long Digest)> ReadAsync(
        AuditedPartition partition, OffsetRange offsets, CancellationToken cancellationToken)
    {
        var (clicks, digest) = (0L, 0L);
        foreach (var part in EvenSample.Of(offsets, offsets.Count, sample: 0))
        {
            foreach (var record in await snapshot.ReadRecordsAsync(partition, part, cancellationToken))
            {
                if (record is { Click: { } click, IsRetried: false })
                {
                    clicks++;
                    digest ^= ClickDigest.Of(record.Offset, click);
                }
            }
        }

        return (clicks, digest);
    }
}
