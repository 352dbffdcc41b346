using System.Diagnostics;

namespace ClickOrleans.Testing;

/// <summary>Waits for a condition by polling it.</summary>
public static class Poll
{
    /// <summary>Upper limit of a wait unless another is given: many times what is needed on an idle machine.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns once the condition holds.</summary>
    /// <param name="failure">Describes the last state for the exception's message.</param>
    /// <exception cref="TimeoutException">The condition did not hold within the timeout.</exception>
    public static async Task UntilAsync(
        Func<Task<bool>> condition, Func<string>? failure = null, TimeSpan? timeout = null, TimeSpan? interval = null)
    {
        var limit = timeout ?? DefaultTimeout;
        var begun = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(begun) > limit)
            {
                throw new TimeoutException($"The condition did not hold within {limit}. {failure?.Invoke()}");
            }

            await Task.Delay(interval ?? DefaultInterval);
        }
    }

    /// <inheritdoc cref="UntilAsync(Func{Task{bool}}, Func{string}, TimeSpan?, TimeSpan?)"/>
    public static Task UntilAsync(
        Func<bool> condition, Func<string>? failure = null, TimeSpan? timeout = null, TimeSpan? interval = null) =>
        UntilAsync(() => Task.FromResult(condition()), failure, timeout, interval);
}
