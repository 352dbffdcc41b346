namespace ClickOrleans.Pipeline.Indexing;

/// <summary>
/// Tells a failing store from a failing index: without the store, sending again would send what is acknowledged.
/// </summary>
internal sealed class StoreFailedException(Exception inner) : Exception($"The store failed: {inner.Message}", inner)
{
    /// <exception cref="StoreFailedException">The task failed.</exception>
    /// <exception cref="OperationCanceledException"/>
    public static async Task WrapAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new StoreFailedException(exception);
        }
    }

    /// <inheritdoc cref="WrapAsync"/>
    public static async Task<T> WrapAsync<T>(Task<T> task)
    {
        await WrapAsync((Task)task);
        return await task;
    }
}
