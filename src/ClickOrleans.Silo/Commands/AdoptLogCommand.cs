using System.CommandLine;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Silo.Hosting;

namespace ClickOrleans.Silo.Commands;

/// <summary><c>adopt-log</c>: the command of <see cref="LogAdoption"/>, which has the rule.</summary>
internal sealed class AdoptLogCommand : Command
{
    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<int> _partition = CommonOptions.StoppedPartition();

    public AdoptLogCommand()
        : base("adopt-log", "Read a partition whose log went back again, from where the log is another.")
    {
        Options.Add(_data);
        Options.Add(_partition);
        SetAction((parsed, _) => CommandLine.GuardAsync(token => ToolHost.RunAsync(
            parsed.GetValue(_data), services => RunAsync(services, parsed.GetValue(_partition), token))));
    }

    private static async Task<int> RunAsync(IServiceProvider services, int partition, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<Preparation>().RunAsync(cancellationToken);
        var adopted = await services.GetRequiredService<LogAdoption>().AdoptAsync(partition, cancellationToken);
        Console.WriteLine(adopted.Outcome switch
        {
            AdoptionOutcome.Adopted =>
                $"Partition {partition} is read again from offset {adopted.From} on, as a log of its own; " +
                $"what was stored before, up to offset {adopted.NextOffset}, stays.",
            AdoptionOutcome.WholeAgain =>
                $"Partition {partition} goes on at offset {adopted.NextOffset}: the log holds again what was read.",
            AdoptionOutcome.NotDiverged =>
                $"Partition {partition} was not adopted: the log is not known to have gone back; it holds {adopted.Available}, " +
                $"the store is at {adopted.NextOffset}.",
            _ => throw new StartupException(
                $"Partition {partition}: its offset was changed meanwhile; nothing was adopted. Run it again."),
        });
        return CommandLine.Done;
    }
}
