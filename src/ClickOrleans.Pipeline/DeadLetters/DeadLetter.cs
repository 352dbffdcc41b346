namespace ClickOrleans.Pipeline.DeadLetters;

/// <summary>A message that could not become a click, kept as it was so that it can be looked at and retried.</summary>
/// <param name="Key">The message's key; null where it had none.</param>
/// <param name="Payload">The message's value; null for a tombstone.</param>
/// <param name="Error">What exactly was wrong, for a person.</param>
public sealed record DeadLetter(long Offset, byte[]? Key, byte[]? Payload, DeadLetterReason Reason, string Error);
