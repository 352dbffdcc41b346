using System.Text;
using ClickOrleans.FakeClicks;
using ClickOrleans.Kafka;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Wire;
using ClickOrleans.Testing.Pipelines;
using Microsoft.Extensions.DependencyInjection;

namespace ClickOrleans.Benchmarks.Partitions;

/// <summary>Clicks in a topic that nothing consumes yet.</summary>
internal static class Backlog
{
    private const int Chunk = 20_000;

    private static readonly byte[] OneKey = "one"u8.ToArray();

    /// <param name="onOne">Whether all have the same key, and so one partition.</param>
    public static async Task ProduceAsync(ServerPipeline pipeline, int partitions, long clicks, bool onOne)
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddClickOrleans(builder => builder.UseKafkaLog(pipeline.Kafka.Address, options =>
                (options.Topic, options.Partitions) = (pipeline.Topic.Name, partitions)))
            .BuildServiceProvider();
        var log = services.GetRequiredService<IClickLog>();
        await log.OpenAsync(CancellationToken.None);
        var generator = new ClickGenerator(new GeneratorOptions(), 0, TimeProvider.System);
        for (var left = clicks; left > 0; left -= Chunk)
        {
            var messages = Enumerable.Range(0, (int)Math.Min(Chunk, left)).Select(_ => generator.Next()).Select(click =>
                new LogMessage(onOne ? OneKey : Encoding.UTF8.GetBytes(click.UserId), ClickEncoder.Encode(click)));
            await log.AppendAsync([.. messages], CancellationToken.None);
        }
    }
}
