using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.Store;
using Xunit;

namespace ClickOrleans.Conformance.Store;

/// <summary>
/// What a store should hold, kept in memory and counted again from all clicks: written without a look at any store.
/// </summary>
public sealed class StoreModel
{
    private readonly Dictionary<(int Partition, long Offset), Click> _clicks = [];
    private readonly SortedSet<(int Partition, long Offset)> _letters = [];
    private readonly Dictionary<int, long> _next = [];

    public int Letters => _letters.Count;

    public int Clicks => _clicks.Count;

    public long Next(int partition) => _next.GetValueOrDefault(partition);

    public void Commit(ClickBatch batch)
    {
        for (var row = 0; row < batch.Clicks.Count; row++)
        {
            _clicks.Add((batch.Partition, batch.Clicks.Offsets[row]), batch.Clicks[row]);
        }

        foreach (var letter in batch.DeadLetters)
        {
            _letters.Add((batch.Partition, letter.Offset));
        }

        _next[batch.Partition] = batch.NextOffset;
    }

    public (int Partition, long Offset) Letter(int number) => _letters.ElementAt(number);

    public void Retry((int Partition, long Offset) letter, Click click)
    {
        Assert.True(_letters.Remove(letter));
        _clicks.Add(letter, click);
    }

    public void Discard((int Partition, long Offset) letter) => Assert.True(_letters.Remove(letter));

    /// <summary>Url, country, clicks, users, first and last click of each page, in order.</summary>
    public IEnumerable<(string, string, long, long, DateTime, DateTime)> Recount() => _clicks.Values
        .GroupBy(click => (click.Url, click.Country))
        .Select(page => (
            page.Key.Url,
            page.Key.Country,
            (long)page.Count(),
            (long)page.Select(click => click.UserId).Distinct().Count(),
            page.Min(click => click.Timestamp),
            page.Max(click => click.Timestamp)))
        .Order();
}
