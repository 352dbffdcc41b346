using ClickOrleans.Testing;
using ClickOrleans.Testing.Pipelines;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Telemetry.Tests;

/// <summary>A cluster of three silos with two partitions each that export under different service names.</summary>
public sealed class ThreeSiloCluster : IAsyncDisposable
{
    private readonly List<SiloProcess> _silos = [];

    public SiloProcess First => _silos[0];

    public static async Task<ThreeSiloCluster> StartAsync(ServerPipeline pipeline)
    {
        var cluster = new ThreeSiloCluster();
        pipeline
            .With("Orleans:Clustering:ProviderType", "AdoNet")
            .With("Orleans:ClusterId", pipeline.Topic.Name)
            .With("Orleans:Endpoints:AdvertisedIPAddress", "127.0.0.1");
        for (var number = 1; number <= 3; number++)
        {
            pipeline
                .With("Orleans:Name", $"silo-{number}")
                .With("OTEL_SERVICE_NAME", $"silo-{number}")
                .With("Orleans:Endpoints:SiloPort", $"{SiloProcess.FreePort()}");
            cluster._silos.Add(await pipeline.RunAsync("--producers", "0", "--consumers", "3"));
        }

        pipeline.With("OTEL_SERVICE_NAME", "producer");
        await cluster.First.WaitForStatusAsync(
            status => status.Partitions()
                    .GroupBy(partition => partition.GetProperty("silo").GetString())
                    .Count(silo => silo.Key is not null && silo.Count() == 2) == 3
                && status.Partitions().All(partition => partition.GetProperty("state").GetString() == "running"),
            Poll.DefaultTimeout);
        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }
    }
}
