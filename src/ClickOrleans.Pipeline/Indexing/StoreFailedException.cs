namespace ClickOrleans.Pipeline.Indexing;

/// <summary>
/// Tells a failing store from a failing index: without the store, sending again would send what is acknowledged.
/// </summary>
internal sealed class StoreFailedException(Exception inner) : Exception($"The store failed: {inner.Message}", inner)
{
    /// <exception cref="StoreFailedException">The call failed.</exception>
    /// <exception cref="OperationCanceledException"/>
    public static Task WrapAsync(Func<Task> call) => WrapAsync(async () =>
    {
        await call();
        return true;
    });

    /// <inheritdoc cref="WrapAsync(Func{Task})"/>
    public static async Task<T> WrapAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new StoreFailedException(exception);
        }
    }
}
