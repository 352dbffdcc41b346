using System.ComponentModel.DataAnnotations;

namespace ClickOrleans.Pipeline.Consuming;

/// <summary>How messages are gathered into transactions. A batch ends with whichever limit is reached first.</summary>
public sealed class ConsumingOptions
{
    public const string Section = "ClickOrleans:Consuming";

    /// <summary>The most messages in one transaction.</summary>
    /// <value>Default 10,000; 1 to 100,000.</value>
    [Range(1, 100_000)]
    public int BatchSize { get; set; } = 10_000;

    /// <summary>
    /// The most bytes of messages, keys and values, in one transaction; one larger message still is a batch of its own.
    /// </summary>
    /// <value>Default 8 MiB; 1 KiB to 256 MiB.</value>
    [Range(1024, 256 * 1024 * 1024)]
    public int BatchBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>How long a message may wait for others to join its transaction.</summary>
    /// <value>Default 100 ms; 0 to 10 s.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan Linger { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause between two attempts while the store or the log is unavailable.</summary>
    /// <value>Default 10 s; 100 ms to 5 min.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a consumer that was fenced stands down before it reads the partition again.</summary>
    /// <value>Default 3 s; 100 ms to 5 min.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan StandDown { get; set; } = TimeSpan.FromSeconds(3);
}
