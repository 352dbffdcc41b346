namespace ClickOrleans.Pipeline.Composition;

/// <summary>
/// The program cannot start, or go on, as it was asked to; the message is for the person who asked, line by line.
/// </summary>
public sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
