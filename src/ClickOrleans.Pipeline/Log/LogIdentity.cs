namespace ClickOrleans.Pipeline.Log;

/// <summary>
/// What makes a log itself: not its name but the id drawn when it was made. A topic deleted and made again is another log.
/// </summary>
public sealed record LogIdentity(string Topic, Guid TopicId);
