using System.CommandLine;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Silo.Configuration;
using ClickOrleans.Silo.Hosting;

namespace ClickOrleans.Silo.Commands;

/// <summary><c>accept-loss</c>: lets a partition go on whose next offsets the log has removed before they were stored.</summary>
internal sealed class AcceptLossCommand : Command
{
    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<int> _partition = new("--partition") { Description = "The partition that is stopped.", Required = true, HelpName = "P" };

    public AcceptLossCommand()
        : base("accept-loss", "Go on behind offsets that the log removed (retention) before they were stored.")
    {
        Options.Add(_data);
        Options.Add(_partition);
        SetAction((parsed, _) => CommandLine.GuardAsync(token => RunAsync(parsed.GetValue(_data), parsed.GetValue(_partition), token)));
    }

    private static async Task<int> RunAsync(string? data, int partition, CancellationToken cancellationToken)
    {
        using var host = ToolHost.Build(data);
        await host.Services.GetRequiredService<Startup>().PrepareAsync(cancellationToken);
        var log = host.Services.GetRequiredService<IClickLog>();
        var store = host.Services.GetRequiredService<IClickStore>();
        var count = await log.GetPartitionCountAsync(cancellationToken);
        if (partition < 0 || partition >= count)
        {
            throw new StartupException($"--partition is {partition}; the log has the partitions 0 to {count - 1}.");
        }

        var logId = await store.RegisterLogAsync(await log.IdentifyAsync(cancellationToken), cancellationToken);
        var available = await log.GetOffsetsAsync(partition, cancellationToken);
        var progress = (await store.GetProgressAsync(logId, cancellationToken)).FirstOrDefault(row => row.Partition == partition);
        var lost = new OffsetRange(progress?.NextOffset ?? available.Start, available.Start);
        if (lost.IsEmpty)
        {
            Console.WriteLine($"Partition {partition} has lost nothing: the log holds {available}, the store is at {lost.Start}.");
            return CommandLine.Done;
        }

        var at = host.Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        if (!await store.AcceptLossAsync(logId, partition, lost, at, cancellationToken))
        {
            throw new StartupException($"Partition {partition} has moved meanwhile; look again.");
        }

        Console.WriteLine($"Partition {partition} goes on at offset {lost.End}; lost are the offsets {lost}.");
        return CommandLine.Done;
    }
}
