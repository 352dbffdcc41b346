using System.Net;
using System.Net.Sockets;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Postgres;
using ClickOrleans.Silo.Configuration;

namespace ClickOrleans.Silo.Hosting;

/// <summary>What has to be there before the pipeline can run: a free port, tables, a topic.</summary>
internal sealed partial class Startup(
    IStoreSchema schema, IClickLog log, IClickIndex index, IEnumerable<ClusterTables> clusterTables, Settings settings, TimeProvider time, ILogger<Startup> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <exception cref="StartupException">The port is taken.</exception>
    public static void CheckPort(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
        }
        catch (SocketException fault)
        {
            throw new StartupException($"Port {port} on {address} cannot be used: {fault.Message}. Choose another with --port.", fault);
        }
    }

    /// <summary>Waits for store and log, and makes what is missing in them.</summary>
    /// <exception cref="StartupException">One of them did not answer in time.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await WaitForAsync(schema.Description, schema.ApplyAsync, cancellationToken);
        foreach (var tables in clusterTables)
        {
            await WaitForAsync(tables.Description, tables.ApplyAsync, cancellationToken);
        }

        await WaitForAsync(log.Description, log.OpenAsync, cancellationToken);
        LogAdapters(log.Description, schema.Description, index.Description);
    }

    private async Task WaitForAsync(string what, Func<CancellationToken, Task> ask, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            try
            {
                await ask(cancellationToken);
                return;
            }
            catch (Exception outage) when (outage is not OperationCanceledException and not StartupException)
            {
                if (time.GetElapsedTime(begun) >= settings.Silo.StartTimeout)
                {
                    throw new StartupException($"{what} cannot be used: {outage.Message}", outage);
                }

                LogWaiting(what, outage.Message);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    [LoggerMessage(400, LogLevel.Information, "Log: {Log}. Store: {Store}. Index: {Index}")]
    private partial void LogAdapters(string log, string store, string index);

    [LoggerMessage(401, LogLevel.Warning, "Waiting for {What}: {Reason}")]
    private partial void LogWaiting(string what, string reason);
}
