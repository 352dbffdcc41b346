using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Consuming;

namespace ClickOrleans.Silo.Commands;

/// <summary><c>accept-loss</c>: the command of <see cref="LossAcceptance"/>, which has the rule.</summary>
internal sealed class AcceptLossCommand()
    : StoppedPartitionCommand(
        "accept-loss", "Go on without what the log removed (retention), or without what it holds since it went back.")
{
    protected override async Task<string> DecideAsync(
        IServiceProvider services, int partition, CancellationToken cancellationToken)
    {
        var loss = await services.GetRequiredService<LossAcceptance>().AcceptAsync(partition, cancellationToken);
        return loss.Outcome switch
        {
            LossOutcome.Accepted => $"Partition {partition} goes on at offset {loss.Lost.End}; lost are the offsets {loss.Lost}.",
            LossOutcome.DivergenceAccepted =>
                $"Partition {partition} goes on at offset {loss.NextOffset}; " + (loss.Lost.IsEmpty
                    ? "what the log holds before it is what was stored."
                    : $"what the log holds at the offsets {loss.Lost}, where others were stored, is not read."),
            LossOutcome.WholeAgain =>
                $"Partition {partition} goes on at offset {loss.NextOffset}: the log holds again what was read.",
            LossOutcome.NothingLost =>
                $"Partition {partition} has lost nothing: the log holds {loss.Available}, the store is at {loss.NextOffset}.",
            LossOutcome.LogShort => throw new StartupException(
                $"Partition {partition}: the log went back and holds {loss.Available}, the store is at {loss.NextOffset}; " +
                $"there is nothing to go on with. To read it again from the divergence on: adopt-log --partition {partition}"),
            _ => throw new StartupException(
                $"Partition {partition}: its offset was changed meanwhile; nothing was accepted. Run it again."),
        };
    }
}
