using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Wire;
using Xunit;

namespace ClickOrleans.Conformance.Store;

/// <summary>The promises of <see cref="IStoreInsight"/>.</summary>
public abstract class StoreInsightConformance : StoreConformance
{
    [Fact]
    public async Task An_empty_store_is_balanced_and_has_nothing_to_show()
    {
        Assert.Equal(new StoreBalance(0, 0, 0, 0, 0), await Store.Insight.GetBalanceAsync(Cancellation));
        Assert.Empty(await Store.Insight.GetTopPagesAsync(10, Cancellation));
        Assert.Empty(await Store.Insight.GetTopCountriesAsync(10, Cancellation));
        Assert.Empty(await Store.Insight.CountDeadLettersAsync(Cancellation));
        Assert.Empty(await Store.Insight.GetLatestClicksAsync("/home", "NL", 10, Cancellation));
        Assert.Null(await Store.Insight.ExplainAsync("/home", "NL", Cancellation));
    }

    [Fact]
    public async Task Every_offset_is_accounted_for_whatever_became_of_it()
    {
        await CommitAsync(Batch(0, 10, offset => offset < 3 ? null : ClickAt(Noon)));
        await CommitAsync(Batch(0, 5, partition: 1));
        Assert.Equal(new StoreBalance(15, 12, 3, 0, 0), await Store.Insight.GetBalanceAsync(Cancellation));

        await Store.DeadLetters.DiscardAsync(new DeadLetterId(LogId, 0, 0), Noon, Cancellation);
        await Store.DeadLetters.RetryAsync(new DeadLetterId(LogId, 0, 1), ClickAt(Noon), Cancellation);
        await Store.Clicks.AcceptLossAsync(LogId, 1, new OffsetRange(5, 9), Noon, Cancellation);

        var balance = await Store.Insight.GetBalanceAsync(Cancellation);
        Assert.Equal(new StoreBalance(19, 13, 1, 1, 4), balance);
        Assert.Equal(0, balance.Unexplained);
    }

    [Fact]
    public async Task An_offset_without_a_message_is_left_unexplained()
    {
        var batch = Batch(0, 4);
        batch.NextOffset = 6;
        await CommitAsync(batch);

        Assert.Equal(2, (await Store.Insight.GetBalanceAsync(Cancellation)).Unexplained);
    }

    [Fact]
    public async Task Pages_and_countries_are_added_up_and_the_most_clicked_come_first()
    {
        var clicks = new[] { ("/a", "NL"), ("/a", "DE"), ("/a", "DE"), ("/b", "DE"), ("/c", "DE"), ("/c", "NL") };
        await CommitAsync(
            Batch(0, clicks.Length, offset => ClickAt(Noon, url: clicks[offset].Item1, country: clicks[offset].Item2)));
        await FoldAllAsync();

        Assert.Equal([new NamedClicks("/a", 3), new NamedClicks("/c", 2)], await Store.Insight.GetTopPagesAsync(2, Cancellation));
        Assert.Equal(
            [new NamedClicks("DE", 4), new NamedClicks("NL", 2)],
            await Store.Insight.GetTopCountriesAsync(10, Cancellation));
    }

    [Fact]
    public async Task A_rollup_is_explained_by_its_folded_clicks_and_says_what_waits()
    {
        await CommitAsync(
            Batch(0, 6, offset => offset == 5 ? null : ClickAt(Noon.AddSeconds(offset), user: offset < 2 ? "ann" : "bob")));
        await CommitAsync(Batch(6, 8, offset => ClickAt(Noon.AddSeconds(offset), url: "/other")));
        await FoldAllAsync();
        await CommitAsync(Batch(8, 10, offset => ClickAt(Noon.AddSeconds(offset))));
        await Store.DeadLetters.RetryAsync(new DeadLetterId(LogId, 0, 5), ClickAt(Noon.AddSeconds(5)), Cancellation);

        var explained = await Store.Insight.ExplainAsync("/home", "NL", Cancellation);

        Assert.NotNull(explained);
        Assert.Equal((5, 5, 2), (explained.Rollup.Clicks, explained.Clicks, explained.UniqueUsers));
        Assert.Equal((Noon, Noon.AddSeconds(4)), (explained.FirstClick, explained.LastClick));
        Assert.True(explained.IsRight);
        Assert.Equal(3, explained.Waiting);
    }

    [Fact]
    public async Task A_rollup_that_is_wrong_is_not_called_right()
    {
        await CommitAsync(Batch(0, 4));
        await FoldAllAsync();
        await Store.ExecuteAsync("update click_rollups set clicks = clicks + 1");

        var explained = await Store.Insight.ExplainAsync("/home", "NL", Cancellation);

        Assert.NotNull(explained);
        Assert.False(explained.IsRight);
        Assert.Equal((5, 4), (explained.Rollup.Clicks, explained.Clicks));
    }

    [Fact]
    public async Task The_latest_clicks_of_a_page_come_first_with_where_they_came_from()
    {
        await CommitAsync(Batch(
            0,
            20,
            offset => ClickAt(Noon.AddSeconds(offset % 2 == 0 ? -offset : offset), url: offset == 19 ? "/other" : "/home")));

        var latest = await Store.Insight.GetLatestClicksAsync("/home", "NL", 3, Cancellation);

        Assert.Equal([17, 15, 13], latest.Select(raw => raw.Offset));
        Assert.All(latest, raw => Assert.Equal((LogId, 0), (raw.LogId, raw.Partition)));
        Assert.Equal(ClickAt(Noon.AddSeconds(17)), latest[0].Click);
    }

    [Fact]
    public async Task Open_dead_letters_are_counted_by_reason_and_partition()
    {
        var batch = Batch(0, 0);
        batch.NextOffset = 4;
        batch.DeadLetters.Add(LetterAt(0, DeadLetterReason.Empty));
        batch.DeadLetters.Add(LetterAt(1, DeadLetterReason.TooLong));
        batch.DeadLetters.Add(LetterAt(2, DeadLetterReason.TooLong));
        batch.DeadLetters.Add(LetterAt(3, DeadLetterReason.TooLong));
        await CommitAsync(batch);
        await CommitAsync(Batch(0, 1, _ => null, partition: 1));
        await Store.DeadLetters.DiscardAsync(new DeadLetterId(LogId, 0, 3), Noon, Cancellation);

        Assert.Equal(
            [
                new DeadLetterCount(DeadLetterReason.Empty, 0, 1),
                new DeadLetterCount(DeadLetterReason.TooLong, 0, 2),
                new DeadLetterCount(DeadLetterReason.WrongShape, 1, 1),
            ],
            await Store.Insight.CountDeadLettersAsync(Cancellation));
    }
}
