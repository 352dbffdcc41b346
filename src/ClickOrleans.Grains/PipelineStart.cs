using ClickOrleans.Pipeline.Composition;
using Microsoft.Extensions.Hosting;

namespace ClickOrleans.Grains;

/// <summary>Prepares store and log before the silo starts, in whatever order the host has its services.</summary>
internal sealed class PipelineStart(Preparation preparation) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => preparation.RunForSiloAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
