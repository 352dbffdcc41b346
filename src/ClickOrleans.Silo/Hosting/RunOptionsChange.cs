using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Control;
using ClickOrleans.Silo.Commands;

namespace ClickOrleans.Silo.Hosting;

/// <summary>An option given to <c>run</c> is a change of desired state, stored before the silo starts.</summary>
internal static class RunOptionsChange
{
    /// <exception cref="StartupException">An option is not allowed.</exception>
    public static async Task ApplyAsync(RunOptions options, IServiceProvider services, CancellationToken cancellationToken)
    {
        var service = services.GetRequiredService<DesiredStateService>();
        var errors = new List<ValidationError>();
        if (options.Producers is not null || options.Rate is not null)
        {
            var stored = (await service.ReadAsync(cancellationToken)).Producers;
            var changed = new ProducersState(options.Producers ?? stored.Count, options.Rate ?? stored.RatePerSecond);
            errors.AddRange(await service.ChangeAsync(changed, cancellationToken));
        }

        if (options.Consumers is { } consumers)
        {
            errors.AddRange(await service.ChangeAsync(new ConsumersState(consumers), cancellationToken));
        }

        if (errors.Count > 0)
        {
            throw new StartupException(string.Join(Environment.NewLine, errors));
        }
    }
}
