using System.Diagnostics;
using System.Text.Json;
using ClickOrleans.Testing;
using ClickOrleans.Testing.Pipelines;
using ClickOrleans.Testing.Silos;
using Npgsql;

namespace ClickOrleans.Cluster.Tests;

/// <summary>A cluster of silo processes on real servers: 8 partitions, 4 consumers, 2 producers.</summary>
public sealed class SiloCluster : IAsyncDisposable
{
    public const int Partitions = 8;

    private static int s_clusters;

    private readonly Dictionary<string, string> _environment;
    private readonly List<SiloProcess> _all = [];
    private readonly string _rate;
    private readonly string _topic;
    private int _named;

    private SiloCluster(SharedServers servers, string database, int rate)
    {
        var number = Interlocked.Increment(ref s_clusters);
        _rate = $"{rate}";
        _topic = $"clicks-{number}";
        Database = NpgsqlDataSource.Create(database);
        _environment = new()
        {
            ["ConnectionStrings__kafka"] = servers.Kafka,
            ["ConnectionStrings__clickstream"] = database,
            ["ConnectionStrings__elasticsearch"] = servers.Elasticsearch,
            ["ClickOrleans__Kafka__Topic"] = _topic,
            ["ClickOrleans__Kafka__Partitions"] = $"{Partitions}",
            ["ClickOrleans__Elasticsearch__Index"] = $"clicks_{number}",
            ["ClickOrleans__Aggregation__Interval"] = "00:00:02",
            ["Orleans__ClusterId"] = $"cluster-{number}",
            ["Orleans__Clustering__ProviderType"] = "AdoNet",
            ["Orleans__Endpoints__AdvertisedIPAddress"] = "127.0.0.1",

            // The processes are short-lived: profile-guided optimization does not pay off.
            ["DOTNET_TieredPGO"] = "0",
        };
    }

    public NpgsqlDataSource Database { get; }

    public string Id => _environment["Orleans__ClusterId"];

    /// <summary>The running silos by name.</summary>
    public Dictionary<string, SiloProcess> Silos { get; } = [];

    public static async Task<SiloCluster> StartAsync(SharedServers servers, int silos, int rate, string? database = null)
    {
        var cluster = new SiloCluster(servers, database ?? await servers.CreateDatabaseAsync(), rate);
        await Task.WhenAll(Enumerable.Range(0, silos).Select(_ => cluster.JoinAsync()));
        await cluster.WaitUntilBalancedAsync(TimeSpan.FromSeconds(60));
        return cluster;
    }

    /// <summary>Starts one more silo; returns when it is ready.</summary>
    /// <param name="database">Its connection string of the database; null: that of the other silos.</param>
    public async Task<string> JoinAsync(string? database = null)
    {
        var name = Launch(database);
        await Silos[name].WaitUntilReadyAsync();
        return name;
    }

    /// <summary>Starts one more silo without waiting for it.</summary>
    public string Launch(string? database = null)
    {
        var name = $"silo-{++_named}";
        var environment = new Dictionary<string, string>(_environment)
        {
            ["Orleans__Name"] = name,
            ["Orleans__Endpoints__SiloPort"] = $"{SiloProcess.FreePort()}",
        };
        if (database is not null)
        {
            environment["ConnectionStrings__clickstream"] = database;
        }

        var silo = SiloProcess.Start(["--rate", _rate, "--producers", "2", "--consumers", "4"], environment);
        _all.Add(silo);
        Silos[name] = silo;
        return name;
    }

    public async Task KillAsync(string name)
    {
        Silos.Remove(name, out var silo);
        await silo!.KillAsync();
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> StopAsync(string name)
    {
        Silos.Remove(name, out var silo);
        await silo!.SignalAsync("TERM");
        return await silo.WaitForExitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>How many partitions each silo consumes, according to any of them.</summary>
    public async Task<Dictionary<string, int>> PartitionCountsAsync() =>
        PartitionCounts(await Silos.Values.First().StatusAsync());

    /// <summary>Waits until every partition is consumed and the consumers are balanced over the running silos.</summary>
    public async Task WaitUntilBalancedAsync(TimeSpan timeout) => await Silos.Values.First().WaitForStatusAsync(
        status => Running(status) == Partitions
            && Consumers(status) is var consumers
            && consumers.Keys.Order().SequenceEqual(Silos.Keys.Order())
            && consumers.Values.Max() - consumers.Values.Min() <= 1,
        timeout);

    /// <summary>The partitions that a silo consumes, according to another one.</summary>
    public async Task<List<int>> PartitionsOfAsync(string name) => [.. (await Silos.Values.First().StatusAsync()).Partitions()
        .Where(partition => partition.GetProperty("silo").GetString() == name)
        .Select(partition => partition.GetProperty("partition").GetInt32())];

    /// <summary>Returns how long it took until the membership table reports the silo as dead.</summary>
    public async Task<TimeSpan> WaitUntilDeclaredDeadAsync(string name)
    {
        var begun = Stopwatch.GetTimestamp();
        await Poll.UntilAsync(
            async () => (await MemberStatusesAsync())[name] == "dead",
            () => $"{name} is not declared dead.{Environment.NewLine}{Output()}",
            TimeSpan.FromMinutes(1),
            TimeSpan.FromMilliseconds(50));
        return Stopwatch.GetElapsedTime(begun);
    }

    /// <summary>Status of every silo in the membership table, by name.</summary>
    public async Task<Dictionary<string, string>> MemberStatusesAsync()
    {
        await using var command = Database.CreateCommand(
            "select silo_name, case status when 3 then 'active' when 6 then 'dead' else 'other' end "
            + "from orleans_members where cluster_id = $1");
        command.Parameters.AddWithValue(Id);
        await using var reader = await command.ExecuteReaderAsync();
        var members = new Dictionary<string, string>();
        while (await reader.ReadAsync())
        {
            members[reader.GetString(0)] = reader.GetString(1);
        }

        return members;
    }

    /// <summary>The next offset of every partition of this cluster's topic.</summary>
    public async Task<Dictionary<int, long>> OffsetsAsync()
    {
        await using var command = Database.CreateCommand(
            "select partition, next_offset from consumer_offsets join click_logs using (log_id) where topic = $1");
        command.Parameters.AddWithValue(_topic);
        await using var reader = await command.ExecuteReaderAsync();
        var offsets = new Dictionary<int, long>();
        while (await reader.ReadAsync())
        {
            offsets[reader.GetInt32(0)] = reader.GetInt64(1);
        }

        return offsets;
    }

    /// <summary>Stops producing, waits until the pipeline has caught up, stops the silos and runs <c>verify</c>.</summary>
    public async Task<string> FinishAsync()
    {
        var silo = Silos.Values.First();
        await silo.PutAsync("/api/producers", new { count = 0 });
        await silo.WaitForStatusAsync(status => status.IsCaughtUp() && status.Total("stored") > 0, Poll.DefaultTimeout);
        Assert.All(await Task.WhenAll(Silos.Keys.ToList().ConvertAll(StopAsync)), exitCode => Assert.Equal(0, exitCode));
        return await VerifyAsync();
    }

    public async Task<string> VerifyAsync()
    {
        var (exitCode, output) = await SiloProcess.CommandAsync(["verify"], _environment);
        Assert.True(exitCode == 0, output);
        return output;
    }

    /// <summary>Whether any silo has written a log event with this id.</summary>
    public bool HasLogged(int eventId) => _all.Exists(silo => silo.HasLogged(eventId));

    /// <summary>The output of all silos.</summary>
    public string Output() => string.Join(Environment.NewLine, _all.Select(silo => silo.Output));

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _all)
        {
            await silo.DisposeAsync();
        }

        await Database.DisposeAsync();
    }

    private static int Running(JsonElement status) =>
        status.Partitions().Count(partition => partition.GetProperty("state").GetString() == "running");

    private static Dictionary<string, int> PartitionCounts(JsonElement status) => status.Partitions()
        .Where(partition => partition.GetProperty("silo").GetString() is not null)
        .CountBy(partition => partition.GetProperty("silo").GetString()!)
        .ToDictionary();

    private static Dictionary<string, int> Consumers(JsonElement status) => status.Partitions()
        .Where(partition => partition.GetProperty("silo").GetString() is not null)
        .Select(partition => (partition.GetProperty("silo").GetString()!, partition.GetProperty("consumer").GetInt32()))
        .Distinct()
        .CountBy(consumer => consumer.Item1)
        .ToDictionary();
}
