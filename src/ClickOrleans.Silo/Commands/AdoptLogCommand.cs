using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Consuming;

namespace ClickOrleans.Silo.Commands;

/// <summary><c>adopt-log</c>: the command of <see cref="LogAdoption"/>, which has the rule.</summary>
internal sealed class AdoptLogCommand()
    : StoppedPartitionCommand("adopt-log", "Read a partition whose log went back again, from where the log is another.")
{
    protected override async Task<string> DecideAsync(
        IServiceProvider services, int partition, CancellationToken cancellationToken)
    {
        var adopted = await services.GetRequiredService<LogAdoption>().AdoptAsync(partition, cancellationToken);
        return adopted.Outcome switch
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
        };
    }
}
