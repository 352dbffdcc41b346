namespace ClickOrleans.Pipeline.Store;

/// <summary>A message that repeats the event id of a click: it is none itself.</summary>
/// <param name="OriginalOffset">The click's.</param>
public readonly record struct DuplicateClick(long Offset, long OriginalOffset);
