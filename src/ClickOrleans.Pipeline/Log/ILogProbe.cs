namespace ClickOrleans.Pipeline.Log;

/// <summary>A log behind clients that could fail on their own: tells them from a server that is away.</summary>
public interface ILogProbe
{
    /// <summary>How long ago the log last answered a question through the clients in use.</summary>
    TimeSpan SinceLastAnswer { get; }

    /// <summary>The end offsets of some partitions, asked for through a client made for this question alone.</summary>
    /// <exception cref="LogMissingException">There is no log of this name.</exception>
    Task<IReadOnlyDictionary<int, long>> ProbeEndsAsync(IReadOnlyCollection<int> partitions, CancellationToken cancellationToken);
}
