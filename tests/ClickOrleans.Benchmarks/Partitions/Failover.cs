using System.Diagnostics;
using System.Text.Json;
using ClickOrleans.Testing.Pipelines;
using ClickOrleans.Testing.Servers;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Benchmarks.Partitions;

/// <summary>How long it takes after the death of one of two silos until every partition is consumed by the other.</summary>
internal static class Failover
{
    public static async Task MeasureAsync(PipelineServers servers, int partitions, TimeSpan timeout)
    {
        await using var index = await TestServer.ElasticsearchAsync();
        await using var pipeline = await servers.NewPipelineAsync(partitions);
        pipeline.With("ConnectionStrings:elasticsearch", index.Address)
            .With("Orleans:Clustering:ProviderType", "AdoNet")
            .With("Orleans:Endpoints:AdvertisedIPAddress", "127.0.0.1");
        await Backlog.ProduceAsync(pipeline, partitions, clicks: 0, onOne: false);
        await using var dying = Start(pipeline);
        await using var other = Start(pipeline);
        await other.WaitForStatusAsync(status => RunningOn(status) == (partitions, Silos: 2), timeout);
        await Task.Delay(TimeSpan.FromSeconds(10));

        var watch = Stopwatch.StartNew();
        await dying.KillAsync();
        await other.WaitForStatusAsync(status => RunningOn(status) == (partitions, Silos: 1), timeout);
        Console.WriteLine(
            $"{partitions,5} partitions: all run {watch.Elapsed.TotalSeconds:0.0} s after the kill of one of two silos");
        await other.InterruptAsync(timeout);
    }

    private static SiloProcess Start(ServerPipeline pipeline) => pipeline
        .With("Orleans:Endpoints:SiloPort", $"{SiloProcess.FreePort()}")
        .Start("--producers", "1", "--rate", "500", "--consumers", "2");

    private static (int Partitions, int Silos) RunningOn(JsonElement status)
    {
        var running = status.Partitions().Where(partition => partition.GetProperty("state").GetString() == "running").ToList();
        return (running.Count, running.Select(partition => partition.GetProperty("silo").GetString()).Distinct().Count());
    }
}
