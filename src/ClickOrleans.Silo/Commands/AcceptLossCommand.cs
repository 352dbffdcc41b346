using System.CommandLine;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Silo.Hosting;

namespace ClickOrleans.Silo.Commands;

/// <summary><c>accept-loss</c>: the command of <see cref="LossAcceptance"/>, which has the rule.</summary>
internal sealed class AcceptLossCommand : Command
{
    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<int> _partition = new("--partition")
    {
        Description = "The partition that is stopped.",
        Required = true,
        HelpName = "P",
    };

    public AcceptLossCommand()
        : base("accept-loss", "Go on behind offsets that the log removed (retention) before they were stored.")
    {
        Options.Add(_data);
        Options.Add(_partition);
        SetAction((parsed, _) => CommandLine.GuardAsync(token => ToolHost.RunAsync(
            parsed.GetValue(_data), services => RunAsync(services, parsed.GetValue(_partition), token))));
    }

    private static async Task<int> RunAsync(IServiceProvider services, int partition, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<Preparation>().RunAsync(cancellationToken);
        var loss = await services.GetRequiredService<LossAcceptance>().AcceptAsync(partition, cancellationToken);
        Console.WriteLine(loss.Outcome switch
        {
            LossOutcome.Accepted => $"Partition {partition} goes on at offset {loss.Lost.End}; lost are the offsets {loss.Lost}.",
            LossOutcome.NothingLost =>
                $"Partition {partition} has lost nothing: the log holds {loss.Available}, the store is at {loss.Lost.Start}.",
            _ => throw new StartupException(
                $"Partition {partition}: its offset was changed meanwhile; nothing was accepted. Run it again."),
        });
        return CommandLine.Done;
    }
}
