using System.CommandLine;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Silo.Hosting;

namespace ClickOrleans.Silo.Commands;

/// <summary>A command by which an operator decides how a stopped partition goes on.</summary>
internal abstract class StoppedPartitionCommand : Command
{
    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<int> _partition = new("--partition")
    {
        Description = "The partition that is stopped.",
        Required = true,
        HelpName = "P",
    };

    protected StoppedPartitionCommand(string name, string description)
        : base(name, description)
    {
        Options.Add(_data);
        Options.Add(_partition);
        SetAction((parsed, _) => CommandLine.GuardAsync(token => ToolHost.RunAsync(
            parsed.GetValue(_data), services => RunAsync(services, parsed.GetValue(_partition), token))));
    }

    /// <returns>What became of it, in one line.</returns>
    /// <exception cref="StartupException">Nothing was changed.</exception>
    protected abstract Task<string> DecideAsync(IServiceProvider services, int partition, CancellationToken cancellationToken);

    private async Task<int> RunAsync(IServiceProvider services, int partition, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<Preparation>().RunAsync(cancellationToken);
        Console.WriteLine(await DecideAsync(services, partition, cancellationToken));
        return CommandLine.Done;
    }
}
