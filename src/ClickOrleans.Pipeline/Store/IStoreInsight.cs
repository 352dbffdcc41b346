using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Wire;

namespace ClickOrleans.Pipeline.Store;

/// <summary>The store as a person looks at it: sums that must add up, what is visited most, the clicks behind a number.</summary>
/// <remarks>
/// Nothing here is needed to store a click, and some of it reads much: callers set a limit to how long they wait.
/// </remarks>
public interface IStoreInsight
{
    /// <summary>What has become of every offset that was read, as of one moment.</summary>
    Task<StoreBalance> GetBalanceAsync(CancellationToken cancellationToken);

    /// <summary>The urls with most folded clicks, all countries together.</summary>
    Task<IReadOnlyList<NamedClicks>> GetTopPagesAsync(int limit, CancellationToken cancellationToken);

    /// <summary>The countries with most folded clicks.</summary>
    Task<IReadOnlyList<NamedClicks>> GetTopCountriesAsync(int limit, CancellationToken cancellationToken);

    /// <summary>
    /// A rollup and what its clicks come to when they are counted again, as of one moment; null if there is no such rollup. Reads
    /// every click.
    /// </summary>
    Task<ExplainedRollup?> ExplainAsync(string url, string country, CancellationToken cancellationToken);

    /// <summary>The latest clicks of a page in a country, by event time. Reads every click.</summary>
    Task<IReadOnlyList<RawClick>> GetLatestClicksAsync(
        string url, string country, int limit, CancellationToken cancellationToken);

    /// <summary>The dead letters neither retried nor discarded, counted by reason and partition.</summary>
    Task<IReadOnlyList<DeadLetterCount>> CountDeadLettersAsync(CancellationToken cancellationToken);
}

/// <param name="Handled">Offsets read and passed, of all logs.</param>
/// <param name="Discarded">Dead letters given up by an operator.</param>
/// <param name="Lost">Offsets that the log removed before they were read and that an operator gave up.</param>
/// <param name="Duplicates">Messages that repeat the event id of a click.</param>
public sealed record StoreBalance(
    long Handled, long Stored, long DeadLetters, long Discarded, long Lost, long Duplicates = 0)
{
    /// <summary>
    /// Offsets that nothing accounts for: transaction markers of the log, which hold no message, or a loss; <c>verify</c> reads
    /// the log to tell which.
    /// </summary>
    public long Unexplained => Handled - Stored - DeadLetters - Discarded - Lost - Duplicates;
}

public sealed record NamedClicks(string Name, long Clicks);

/// <param name="Waiting">Clicks of the page that are stored and not folded yet.</param>
public sealed record ExplainedRollup(
    Rollup Rollup, long Clicks, long UniqueUsers, DateTime? FirstClick, DateTime? LastClick, long Waiting)
{
    public bool IsRight =>
        (Clicks, UniqueUsers, FirstClick, LastClick) == (Rollup.Clicks, Rollup.UniqueUsers, Rollup.FirstClick, Rollup.LastClick);
}

/// <summary>A stored click and where in the log it came from.</summary>
public sealed record RawClick(short LogId, int Partition, long Offset, Click Click);

public sealed record DeadLetterCount(DeadLetterReason Reason, int Partition, long Count);
