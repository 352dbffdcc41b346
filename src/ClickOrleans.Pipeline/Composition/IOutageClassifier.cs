namespace ClickOrleans.Pipeline.Composition;

/// <summary>
/// Tells failures of the outside world, which a person can repair, from errors of the program.
/// An adapter registers one for the exceptions of its client.
/// </summary>
public interface IOutageClassifier
{
    /// <returns>The failure in one line; null where the exception is none that this classifier knows.</returns>
    string? Describe(Exception exception);
}
