using System.Diagnostics;
using ClickOrleans.Benchmarks.Draining;
using ClickOrleans.Testing;
using ClickOrleans.Testing.Pipelines;
using ClickOrleans.Testing.Servers;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Benchmarks.Clustering;

/// <summary>Silos of one cluster that only drain a backlog on demand: no producers, no aggregation.</summary>
internal sealed class SiloGroup : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromHours(1);

    private readonly KafkaPostgres _servers;
    private readonly SiloProcess[] _silos;

    private SiloGroup(KafkaPostgres servers, SiloProcess[] silos) => (_servers, _silos) = (servers, silos);

    public static async Task<SiloGroup> StartAsync(KafkaPostgres servers, TestServer index, int silos)
    {
        var id = $"cluster-{Guid.NewGuid():N}";
        var started = await Task.WhenAll(Enumerable.Range(0, silos).Select(_ => SiloProcess.RunAsync(
            ["--producers", "0", "--consumers", "0"],
            new Dictionary<string, string>
            {
                ["ConnectionStrings__kafka"] = servers.Kafka.Address,
                ["ConnectionStrings__clickstream"] = servers.Postgres.Address,
                ["ConnectionStrings__elasticsearch"] = index.Address,
                ["ClickOrleans__Aggregation__Paused"] = "true",
                ["Orleans__Clustering__ProviderType"] = "AdoNet",
                ["Orleans__ClusterId"] = id,
                ["Orleans__Endpoints__AdvertisedIPAddress"] = "127.0.0.1",
                ["Orleans__Endpoints__SiloPort"] = $"{SiloProcess.FreePort()}",

                // Methods are fully compiled in the warm-up drain; tiered compilation would continue in the background for
                // minutes.
                ["DOTNET_TieredCompilation"] = "0",
            })));
        return new SiloGroup(servers, started);
    }

    /// <summary>Drains the whole log into empty tables.</summary>
    /// <returns>CPU time (user and system) of the silos, and elapsed time.</returns>
    public async Task<(TimeSpan Processor, TimeSpan Clock)> DrainAsync(long clicks)
    {
        await ConsumeAsync(0);
        await _silos[0].WaitForStatusAsync(
            status => status.GetProperty("consumers").GetProperty("partitions").EnumerateArray()
                .All(partition => partition.GetProperty("state").GetString() == "paused"),
            Timeout);
        await _servers.ExecuteAsync("truncate clickstream_data, consumer_offsets, dead_letters; checkpoint");
        var (processor, begun) = (Processor(), Stopwatch.GetTimestamp());
        await ConsumeAsync(KafkaPostgres.Partitions);
        await Poll.UntilAsync(
            async () => await StoredAsync() >= clicks, timeout: DrainTimeout, interval: TimeSpan.FromMilliseconds(20));

        return (Processor() - processor, Stopwatch.GetElapsedTime(begun));
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_silos.Select(silo => silo.InterruptAsync(Timeout)));
        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }
    }

    private Task ConsumeAsync(int consumers) => _silos[0].PutAsync("/api/consumers", new { count = consumers });

    private TimeSpan Processor() => TimeSpan.FromTicks(_silos.Sum(silo =>
    {
        using var process = Process.GetProcessById(silo.Id);
        return process.TotalProcessorTime.Ticks;
    }));

    private async Task<long> StoredAsync()
    {
        await using var command = _servers.Database.CreateCommand(
            "select coalesce(sum(stored), 0)::bigint from consumer_offsets");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
