using System.Diagnostics;
using System.Text.Json;
using ClickOrleans.Testing.Pipelines;
using ClickOrleans.Testing.Silos;
using Npgsql;

namespace ClickOrleans.Cluster.Tests;

/// <summary>Silos as processes of their own, one cluster on real servers: 8 partitions, 4 consumers, 2 producers.</summary>
public sealed class SiloCluster : IAsyncDisposable
{
    /// <summary>The event id of a refused commit, as the console shows it.</summary>
    public const string CommitFenced = "PartitionConsumer[102]";

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

            // Short lives: what the compiler learns while they run is never used.
            ["DOTNET_TieredPGO"] = "0",
        };
    }

    public NpgsqlDataSource Database { get; }

    public string Id => _environment["Orleans__ClusterId"];

    /// <summary>Those that run, by name.</summary>
    public Dictionary<string, SiloProcess> Silos { get; } = [];

    public static async Task<SiloCluster> StartAsync(SharedServers servers, int silos, int rate, string? database = null)
    {
        var cluster = new SiloCluster(servers, database ?? await servers.CreateDatabaseAsync(), rate);
        await Task.WhenAll(Enumerable.Range(0, silos).Select(_ => cluster.JoinAsync()));
        await cluster.WaitUntilSpreadAsync(TimeSpan.FromSeconds(60));
        return cluster;
    }

    /// <summary>Starts one more silo; returns when it is ready.</summary>
    /// <param name="database">What it is told of the database; null = what the others are told.</param>
    public async Task<string> JoinAsync(string? database = null)
    {
        var name = Launch(database);
        await Silos[name].WaitUntilReadyAsync();
        return name;
    }

    /// <summary>Starts one more silo and does not wait.</summary>
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

    /// <summary>How many partitions each silo consumes, as any of them says.</summary>
    public async Task<Dictionary<string, int>> SharesAsync() => Shares(await Silos.Values.First().StatusAsync());

    /// <summary>Waits until every partition runs and the consumers sit evenly on the silos that run.</summary>
    public async Task WaitUntilSpreadAsync(TimeSpan timeout) => await Silos.Values.First().WaitForStatusAsync(
        status => Running(status) == Partitions
            && Consumers(status) is var consumers
            && consumers.Keys.Order().SequenceEqual(Silos.Keys.Order())
            && consumers.Values.Max() - consumers.Values.Min() <= 1,
        timeout);

    /// <summary>The partitions that a silo consumes, as another says.</summary>
    public async Task<List<int>> PartitionsOfAsync(string name) => [.. (await Silos.Values.First().StatusAsync()).Partitions()
        .Where(partition => partition.GetProperty("silo").GetString() == name)
        .Select(partition => partition.GetProperty("partition").GetInt32())];

    /// <summary>How long it takes from now until the membership table says that the silo is dead.</summary>
    public async Task<TimeSpan> WaitUntilDeclaredDeadAsync(string name)
    {
        var begun = Stopwatch.GetTimestamp();
        while ((await StatusOfMembersAsync())[name] != "dead")
        {
            var waited = Stopwatch.GetElapsedTime(begun);
            Assert.True(waited < TimeSpan.FromMinutes(1), $"{name} is not declared dead.{Environment.NewLine}{Output()}");
            await Task.Delay(50);
        }

        return Stopwatch.GetElapsedTime(begun);
    }

    /// <summary>What the membership table says of every silo that ever joined.</summary>
    public async Task<Dictionary<string, string>> StatusOfMembersAsync()
    {
        await using var command = Database.CreateCommand(
            "select silo_name, case status when 3 then 'active' when 6 then 'dead' else 'on its way' end from orleans_members where cluster_id = $1");
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

    /// <summary>Stops producing, waits until everything is stored and counted, stops the silos, and audits.</summary>
    public async Task<string> FinishAsync()
    {
        var silo = Silos.Values.First();
        await silo.PutAsync("/api/producers", new { count = 0 });
        await silo.WaitForStatusAsync(status => status.IsCaughtUp() && status.Total("stored") > 0, PipelineTestExtensions.Timeout);
        Assert.All(await Task.WhenAll(Silos.Keys.ToList().ConvertAll(StopAsync)), exitCode => Assert.Equal(0, exitCode));
        return await VerifyAsync();
    }

    public async Task<string> VerifyAsync()
    {
        var (exitCode, output) = await SiloProcess.CommandAsync(["verify"], _environment);
        Assert.True(exitCode == 0, output);
        return output;
    }

    /// <summary>Everything that every silo has written.</summary>
    public string Output() => string.Join(Environment.NewLine, _all.Select(silo => silo.Output));

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _all)
        {
            await silo.DisposeAsync();
        }

        await Database.DisposeAsync();
    }

    private static int Running(JsonElement status) => status.Partitions().Count(partition => partition.GetProperty("state").GetString() == "running");

    private static Dictionary<string, int> Shares(JsonElement status) => status.Partitions()
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
