namespace ClickOrleans.Pipeline.Composition;

/// <summary>Asks every registered classifier.</summary>
public sealed class OutageText(IEnumerable<IOutageClassifier> classifiers)
{
    /// <returns>The failure in one line; null where it is an error of the program.</returns>
    public string? Of(Exception exception) => classifiers
        .Select(classifier => classifier.Describe(exception))
        .FirstOrDefault(text => text is not null);

    /// <summary>Runs work and turns a failure of the outside world into one line.</summary>
    /// <exception cref="StartupException">The outside world failed.</exception>
    public async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (exception is not StartupException && Of(exception) is { } text)
        {
            throw new StartupException(text, exception);
        }
    }
}
