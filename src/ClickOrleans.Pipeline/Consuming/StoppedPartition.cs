using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Pipeline.Consuming;

/// <summary>
/// A partition whose log lost what was not read yet, or is shorter than what was: only an operator may say how to go on.
/// </summary>
internal sealed class StoppedPartition(
    IClickLog log, IClickStore store, OffsetOutOfRangeException reason, StageContext context, ILogger logger)
{
    public static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    public string Error => reason.Lost.IsEmpty
        ? $"The log ends at offset {reason.Available.End}, before the stored offset {reason.Position}: " +
          "records were lost on the log's side."
        : $"Offsets {reason.Lost} were removed from the log before they were stored. " +
          $"To go on without them: accept-loss --partition {reason.Partition}";

    /// <summary>Waits until the store's offset lies within the log.</summary>
    /// <exception cref="OperationCanceledException"/>
    public async Task WaitUntilMovedAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Poll, context.Time, cancellationToken);
            try
            {
                var now = await PartitionStart.FindAsync(log, store, reason.Partition, cancellationToken);
                if (now.Next >= now.Available.Start && now.Next <= now.Available.End)
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.Unavailable(exception, reason.Partition, log.Topic, Poll.TotalSeconds);
            }
        }
    }
}
