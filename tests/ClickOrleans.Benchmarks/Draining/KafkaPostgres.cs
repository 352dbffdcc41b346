using System.Text;
using ClickOrleans.FakeClicks;
using ClickOrleans.Kafka;
using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Producing;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Wire;
using ClickOrleans.Postgres;
using ClickOrleans.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ClickOrleans.Benchmarks.Draining;

/// <summary>Kafka and PostgreSQL servers with the pipeline's adapters.</summary>
internal sealed class KafkaPostgres : IAsyncDisposable
{
    public const int Partitions = 4;

    private readonly ServiceProvider _services;
    private readonly WorkerThreadScheduler _scheduler = new("stage", Math.Max(2, Environment.ProcessorCount));

    private readonly bool _ownsServers;

    private KafkaPostgres(TestServer kafka, TestServer postgres, string database, bool ownsServers)
    {
        (Kafka, Postgres, _ownsServers) = (kafka, postgres, ownsServers);
        _services = new ServiceCollection()
            .AddLogging()
            .AddClickOrleans(clicks => clicks.UseKafkaLog(kafka.Address).UsePostgresStore(database))
            .BuildServiceProvider();
    }

    public TestServer Kafka { get; }

    /// <summary>As in a silo.</summary>
    public StageContext Context => new(TimeProvider.System, Random.Shared, _scheduler);

    public TestServer Postgres { get; }

    public IClickLog Log => _services.GetRequiredService<IClickLog>();

    public IClickStore Store => _services.GetRequiredService<IClickStore>();

    public NpgsqlDataSource Database => _services.GetRequiredService<NpgsqlDataSource>();

    public static async Task<KafkaPostgres> StartAsync()
    {
        var (kafka, postgres) = (await TestServer.KafkaAsync(), await TestServer.PostgresAsync());
        var servers = new KafkaPostgres(kafka, postgres, postgres.Address, ownsServers: true);
        await servers._services.GetRequiredService<IStoreSchema>().ApplyAsync(CancellationToken.None);
        await servers.Log.OpenAsync(CancellationToken.None);
        return servers;
    }

    /// <summary>The same servers, the database with other settings of its connections.</summary>
    public KafkaPostgres With(Action<NpgsqlConnectionStringBuilder> change)
    {
        var settings = new NpgsqlConnectionStringBuilder(Postgres.Address);
        change(settings);
        return new KafkaPostgres(Kafka, Postgres, settings.ConnectionString, ownsServers: false);
    }

    public async Task ProduceAsync(long clicks)
    {
        const int Chunk = 20_000;
        var generator = new ClickGenerator(new GeneratorOptions(), 0, TimeProvider.System);
        for (var left = clicks; left > 0; left -= Chunk)
        {
            var count = (int)Math.Min(Chunk, left);
            await Log.AppendAsync([.. Enumerable.Range(0, count).Select(_ => Message(generator.Next()))], CancellationToken.None);
        }
    }

    /// <summary>Starts the consumers as a consumer grain does.</summary>
    public async Task<ConsumerWorker> ConsumeAsync(ConsumingOptions options, DuplicatesOptions? duplicates = null)
    {
        var worker = new ConsumerWorker(
            Log, Store, options, Context, _services.GetRequiredService<ILoggerFactory>(), duplicates);
        await worker.AssignAsync([.. Enumerable.Range(0, Partitions)]);
        return worker;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> CountAsync()
    {
        await using var command = Database.CreateCommand("select count(*) from clickstream_data");
        command.CommandTimeout = 600;
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _scheduler.Dispose();
        if (_ownsServers)
        {
            await Kafka.DisposeAsync();
            await Postgres.DisposeAsync();
        }
    }

    private static LogMessage Message(Pipeline.Click click) =>
        new(Encoding.UTF8.GetBytes(click.UserId), ClickEncoder.Encode(click));
}
