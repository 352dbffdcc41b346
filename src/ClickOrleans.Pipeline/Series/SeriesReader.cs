using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Series;

/// <summary>Puts the store's hours into the buckets of a request; a bucket without clicks is zero.</summary>
public sealed class SeriesReader(ISeriesStore store)
{
    public async Task<IReadOnlyList<SeriesItem>> ReadAsync(SeriesRequest request, CancellationToken cancellationToken)
    {
        var hours = await store.GetHoursAsync(request.Scope, request.From, request.To, cancellationToken);
        var ofDays = request is { Scope.IsSite: true, Step: SeriesStep.Day }
            ? await store.GetVisitorsAsync(request.Boundaries, cancellationToken)
            : null;
        var items = new List<SeriesItem>(request.Buckets);
        var next = 0;
        for (var bucket = 0; bucket < request.Buckets; bucket++)
        {
            var clicks = 0L;
            long? visitors = request.Scope.IsSite ? ofDays?[bucket] ?? 0 : null;
            for (; next < hours.Count && hours[next].Hour < request.Boundaries[bucket + 1]; next++)
            {
                clicks += hours[next].Clicks;
                visitors = request.Scope.IsSite && ofDays is null ? hours[next].Visitors : visitors;
            }

            items.Add(new SeriesItem(request.Boundaries[bucket], clicks, visitors));
        }

        return items;
    }
}
