namespace ClickOrleans.Pipeline.Indexing;

/// <summary>How the indexer sends.</summary>
public sealed class IndexerOptions
{
    /// <summary>Documents in the first batch of a run.</summary>
    /// <value>Default 1,000.</value>
    public int FirstBatch { get; set; } = 1000;

    /// <summary>The batch grows up to so many documents.</summary>
    /// <value>Default 5,000.</value>
    public int LargestBatch { get; set; } = 5000;

    /// <summary>Push-back shrinks the batch down to so many documents.</summary>
    /// <value>Default 25.</value>
    public int SmallestBatch { get; set; } = 25;

    /// <summary>
    /// How long a run goes on without one acknowledgement before it ends with an error and leaves the rest to the next.
    /// </summary>
    /// <value>Default 20 s.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The first pause after push-back or an outage; it doubles up to <see cref="LongestPause"/>.</summary>
    /// <value>Default 200 ms.</value>
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <value>Default 5 s.</value>
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long what the index refused waits at least before it is sent again as it is.</summary>
    /// <value>Default 30 s.</value>
    public TimeSpan RetryRejectedAfter { get; set; } = TimeSpan.FromSeconds(30);
}
