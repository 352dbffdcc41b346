using ClickOrleans.Pipeline.DeadLetters;

namespace ClickOrleans.Pipeline.Wire;

/// <summary>Why a message is no click, and what exactly was wrong, for a person.</summary>
public readonly record struct DecodeError(DeadLetterReason Reason, string Error);
