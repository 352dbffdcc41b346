using System.Globalization;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Verifying;

/// <summary>The rollups and series equal a recount of the folded clicks.</summary>
internal sealed class RollupCheck(IStoreSnapshot snapshot, VerifyOptions options, VerifyReport report)
{
    /// <summary>How many rollups are recounted where there are too many clicks to recount them all.</summary>
    private const int SampledPages = 200;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var partition in await snapshot.GetPartitionsAsync(cancellationToken))
        {
            if (partition.FoldedOffset > partition.NextOffset)
            {
                report.AddDifference(
                    $"{partition.Topic} partition {partition.Partition}: folded up to offset {partition.FoldedOffset}, " +
                    $"stored only up to {partition.NextOffset}");
            }
        }

        var sums = await snapshot.GetFoldedSumsAsync(cancellationToken);
        if (sums.RollupClicks != sums.FoldedClicks)
        {
            report.AddDifference(
                $"click_rollups: the sum of the rollups is {sums.RollupClicks:N0} clicks, {sums.FoldedClicks:N0} are folded");
        }

        if (sums.RollupUsers != sums.Visitors)
        {
            report.AddDifference(
                $"click_rollups: the sum of the rollups is {sums.RollupUsers:N0} unique users, " +
                $"click_visitors has {sums.Visitors:N0} rows");
        }

        report.AddCompared(
            $"the sum of {sums.Rollups:N0} rollups with {sums.FoldedClicks:N0} folded clicks and {sums.Visitors:N0} visitors");
        int? pages = options.Sample == 0 || sums.FoldedClicks <= options.Sample ? null : SampledPages;
        var differences = await snapshot.RecountAsync(pages, options.Phase, options.MaxNamed, cancellationToken);
        foreach (var difference in differences)
        {
            report.AddDifference(
                $"click_rollups url '{difference.Url}' country '{difference.Country}': " +
                $"{difference.Field} is {difference.InRollup}, recounted {difference.Recounted}");
        }

        report.AddCompared($"{(pages is null ? "every rollup" : $"{pages} rollups")} with a recount of the clicks");
        await CheckSeriesAsync(pages, cancellationToken);
    }

    private async Task CheckSeriesAsync(int? pages, CancellationToken cancellationToken)
    {
        foreach (var difference in await snapshot.RecountSeriesAsync(pages, options.MaxNamed, cancellationToken))
        {
            report.AddDifference(string.Create(
                CultureInfo.InvariantCulture,
                $"click_series {difference} hour {difference.Hour:yyyy-MM-dd'T'HH:mm:ss'Z'}: " +
                $"clicks is {difference.InSeries}, recounted {difference.Recounted}"));
        }

        foreach (var difference in await snapshot.RecountVisitorsAsync(options.MaxNamed, cancellationToken))
        {
            report.AddDifference(string.Create(
                CultureInfo.InvariantCulture,
                $"{difference.Place} of the site from {difference.From:yyyy-MM-dd'T'HH:mm:ss'Z'}: " +
                $"visitors is {difference.Kept}, recounted {difference.Recounted}"));
        }

        report.AddCompared($"the hours of the site and of {(pages is null ? "every page" : $"{pages} pages")} with a recount");
    }
}
