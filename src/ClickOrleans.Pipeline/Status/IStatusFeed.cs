namespace ClickOrleans.Pipeline.Status;

/// <summary>The status as it is read once a second for everybody: whoever shows it costs the store nothing more.</summary>
public interface IStatusFeed
{
    /// <summary>The last status that could be read; null before the first.</summary>
    PipelineStatus? Status { get; }

    Health Health { get; }

    /// <summary>How far behind each stage was at the last status.</summary>
    IReadOnlyList<StageAge> Ages { get; }

    /// <summary>Raised after each reading, a failed one too, on the reader's thread: handlers return at once.</summary>
    event EventHandler? Sampled;
}

/// <param name="Stage">consume, fold or index.</param>
/// <param name="Age">How old its oldest unprocessed click is.</param>
public sealed record StageAge(string Stage, TimeSpan Age);
