using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Pipeline.Composition;

/// <summary>Waits for the store and the log, and makes what is missing in them: tables, a topic.</summary>
public sealed class Preparation(
    IEnumerable<IEmbeddedStorage> storages,
    IStoreSchema schema,
    IClickLog log,
    IClickIndex index,
    IEnumerable<IPreparationStep> steps,
    IOptions<StartupOptions> options,
    TimeProvider time,
    ILogger<Preparation> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private bool _isDone;

    /// <summary>As <see cref="RunAsync"/>, for a silo, which owns its embedded storage from then on.</summary>
    /// <exception cref="StartupException">Another silo owns it, or a server did not answer in time.</exception>
    public Task RunForSiloAsync(CancellationToken cancellationToken)
    {
        foreach (var storage in storages)
        {
            storage.Own();
        }

        return RunAsync(cancellationToken);
    }

    /// <summary>Prepares store and log, once: later calls change nothing.</summary>
    /// <exception cref="StartupException">A server did not answer in time.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (_isDone)
        {
            return;
        }

        await WaitForAsync(schema.Description, schema.ApplyAsync, cancellationToken);
        foreach (var step in steps)
        {
            await WaitForAsync(step.Description, step.ApplyAsync, cancellationToken);
        }

        await WaitForAsync(log.Description, log.OpenAsync, cancellationToken);
        logger.AdaptersChosen(log.Description, schema.Description, index.Description);
        _isDone = true;
    }

    private async Task WaitForAsync(string what, Func<CancellationToken, Task> apply, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            try
            {
                await apply(cancellationToken);
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException and not StartupException)
            {
                if (time.GetElapsedTime(begun) >= options.Value.StartTimeout)
                {
                    throw new StartupException($"{what} cannot be used: {exception.Message}", exception);
                }

                logger.DependencyUnavailable(what, exception.Message, Pause.TotalSeconds);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }
}
