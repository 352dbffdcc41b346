using ClickOrleans.Testing.Servers;
using ClickOrleans.Testing.Silos;
using Npgsql;

namespace ClickOrleans.Testing.Pipelines;

/// <summary>
/// A pipeline on real servers with its own topic and database and an embedded index; starts the program's processes configured
/// for them.
/// </summary>
public sealed class ServerPipeline : IAsyncDisposable
{
    private readonly TemporaryFolder _data = new();
    private readonly Dictionary<string, string> _environment;

    private ServerPipeline(TestServer kafka, TestServer postgres, string name, string database, int partitions)
    {
        (Kafka, Postgres, Connection) = (kafka, postgres, database);
        Topic = new KafkaTopicControl(kafka.Address, name, partitions);
        Database = new DatabaseControl(database);
        _environment = new()
        {
            ["ConnectionStrings__kafka"] = kafka.Address,
            ["ConnectionStrings__clickstream"] = database,
            ["ClickOrleans__Data"] = _data.Path,
            ["ClickOrleans__Kafka__Topic"] = name,
            ["ClickOrleans__Kafka__Partitions"] = $"{partitions}",
        };
    }

    public TestServer Kafka { get; }

    public TestServer Postgres { get; }

    /// <summary>The database's connection string.</summary>
    public string Connection { get; }

    public KafkaTopicControl Topic { get; }

    public DatabaseControl Database { get; }

    public static async Task<ServerPipeline> CreateAsync(TestServer kafka, TestServer postgres, int partitions)
    {
        var name = $"clicks_{Guid.NewGuid():N}";
        var server = new NpgsqlConnectionStringBuilder(postgres.Address) { Pooling = false };
        await using (var source = NpgsqlDataSource.Create(server.ConnectionString))
        {
            await using var command = source.CreateCommand($"create database {name}");
            await command.ExecuteNonQueryAsync();
        }

        var database = new NpgsqlConnectionStringBuilder(postgres.Address) { Database = name };
        return new ServerPipeline(kafka, postgres, name, database.ConnectionString, partitions);
    }

    /// <summary>Sets a configuration key for the processes started from now on.</summary>
    public ServerPipeline With(string key, string value)
    {
        _environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        return this;
    }

    /// <summary>Starts <c>run</c> and returns when it is ready.</summary>
    public Task<SiloProcess> RunAsync(params string[] arguments) => SiloProcess.RunAsync(arguments, _environment);

    /// <summary>Starts <c>run</c>.</summary>
    public SiloProcess Start(params string[] arguments) => SiloProcess.Start(arguments, _environment);

    /// <summary>Runs a command to its end.</summary>
    public Task<(int ExitCode, string Output)> CommandAsync(params string[] arguments) =>
        SiloProcess.CommandAsync(arguments, _environment);

    public async ValueTask DisposeAsync()
    {
        Topic.Dispose();
        await Database.DisposeAsync();
        _data.Dispose();
    }
}
