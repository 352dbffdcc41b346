using System.Diagnostics;
using System.Text;
using ClickOrleans.Benchmarks.Draining;
using ClickOrleans.FakeClicks;
using ClickOrleans.Kafka;
using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Producing;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Wire;
using ClickOrleans.Postgres;
using ClickOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Benchmarks.Telemetry;

/// <summary>A topic that is drained into the store repeatedly.</summary>
internal sealed class Drain(KafkaPostgres servers, string topic) : IAsyncDisposable
{
    private const int Chunk = 5_000;

    private readonly ServiceProvider _services = new ServiceCollection()
        .AddLogging()
        .AddClickOrleans(clicks => clicks
            .UseKafkaLog(servers.Kafka.Address, options => options.Topic = topic)
            .UsePostgresStore(servers.Postgres.Address))
        .BuildServiceProvider();

    private IClickLog Log => _services.GetRequiredService<IClickLog>();

    public async Task ProduceAsync(long clicks)
    {
        await Log.OpenAsync(CancellationToken.None);
        var generator = new ClickGenerator(new GeneratorOptions(), 0, TimeProvider.System);
        for (var left = clicks; left > 0; left -= Chunk)
        {
            var count = (int)Math.Min(Chunk, left);
            await Log.AppendAsync([.. Enumerable.Range(0, count).Select(_ => Message(generator.Next()))], CancellationToken.None);
        }
    }

    /// <summary>Rows per second until this many rows are stored.</summary>
    /// <param name="telemetry">Provides the logger factory; null: no logging.</param>
    public async Task<double> RunAsync(long clicks, IServiceProvider? telemetry)
    {
        var loggers = telemetry?.GetRequiredService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
        var watch = Stopwatch.StartNew();
        await using var worker = new ConsumerWorker(
            Log, _services.GetRequiredService<IClickStore>(), new ConsumingOptions(), servers.Context, loggers);
        await worker.AssignAsync([.. Enumerable.Range(0, KafkaPostgres.Partitions)]);
        await Poll.UntilAsync(
            () => worker.Reports.Sum(report => report.Stored) >= clicks,
            timeout: TimeSpan.FromHours(1),
            interval: TimeSpan.FromMilliseconds(5));

        return worker.Reports.Sum(report => report.Stored) / watch.Elapsed.TotalSeconds;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static LogMessage Message(Pipeline.Click click) =>
        new(Encoding.UTF8.GetBytes(click.UserId), ClickEncoder.Encode(click));
}
