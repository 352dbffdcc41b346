using System.Diagnostics;
using ClickOrleans.Benchmarks.Draining;
using ClickOrleans.Benchmarks.Storing;
using ClickOrleans.Pipeline.Log;
using Confluent.Kafka;

namespace ClickOrleans.Benchmarks.Reading;

/// <summary>
/// Reading alone, alternating in one run: the log's readers, and Confluent.Kafka's consumer with all fields of its results and
/// with none but offset and value, which it hands to a deserializer as they lie in memory. Processor time and bytes allocated per
/// message. Options: <c>--clicks</c>, <c>--rounds</c>.
/// </summary>
internal static class ReaderBenchmark
{
    public static async Task<int> RunAsync(string[] args)
    {
        var clicks = StoreBench.Option(args, "clicks", 1_000_000);
        var rounds = StoreBench.Option(args, "rounds", 5);
        await using var servers = await KafkaPostgres.StartAsync();
        Console.WriteLine($"producing {clicks:N0} clicks on {KafkaPostgres.Partitions} partitions");
        await servers.ProduceAsync(clicks);
        var readers = new (string Name, Func<Task<long>> ReadAsync)[]
        {
            ("log", () => ReadLogAsync(servers)),
            ("Confluent.Kafka, all fields", () => Task.Run(() => ReadByConsumer(servers, clicks, "all"))),
            ("Confluent.Kafka, no fields", () => Task.Run(() => ReadByConsumer(servers, clicks, "none"))),
        };
        var costs = readers.ToDictionary(reader => reader.Name, _ => new List<Cost>());
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var (name, readAsync) in readers)
            {
                var (cpu, allocated, watch) = (new CpuTime(), GC.GetTotalAllocatedBytes(), Stopwatch.StartNew());
                var read = await readAsync();
                var cost = new Cost(
                    cpu.MicrosecondsPerRow(read).Here,
                    read / watch.Elapsed.TotalSeconds,
                    (GC.GetTotalAllocatedBytes() - allocated) / (double)read);

                // The first round compiles.
                if (round > 0)
                {
                    costs[name].Add(cost);
                }
            }
        }

        foreach (var (name, cost) in costs)
        {
            Console.WriteLine(
                $"{name,-28} processor time per message {Median(cost, one => one.Processor):0.000} us, " +
                $"{Median(cost, one => one.Bytes):0.0} bytes allocated, {Median(cost, one => one.Rate):N0} messages/s (medians)");
        }

        return 0;
    }

    private static double Median(List<Cost> costs, Func<Cost, double> part) =>
        StoreBench.Median(costs.ConvertAll(cost => part(cost)));

    private static async Task<long> ReadLogAsync(KafkaPostgres servers)
    {
        var identity = await servers.Log.IdentifyAsync(CancellationToken.None);
        var counters = Enumerable.Range(0, KafkaPostgres.Partitions).Select(_ => new Counter()).ToList();
        await Task.WhenAll(counters.Select((counter, partition) => servers.Context.RunAsync(async () =>
        {
            var end = (await servers.Log.GetOffsetsAsync(partition, CancellationToken.None)).End;
            await using var reader = servers.Log.OpenReader(identity, partition, 0);
            while (reader.Position < end)
            {
                await reader.ReadAsync(counter, TimeSpan.FromSeconds(1), CancellationToken.None);
            }
        })));
        return counters.Sum(counter => counter.Messages);
    }

    private static long ReadByConsumer(KafkaPostgres servers, long messages, string fields)
    {
        var settings = new Dictionary<string, string>
        {
            ["bootstrap.servers"] = servers.Kafka.Address,
            ["group.id"] = "readers",
            ["enable.auto.commit"] = "false",
            ["enable.auto.offset.store"] = "false",
            ["isolation.level"] = "read_committed",
            ["queued.max.messages.kbytes"] = "4096",
            ["fetch.queue.backoff.ms"] = "2",
            ["dotnet.consumer.consume.result.fields"] = fields,
        };
        using var consumer = new ConsumerBuilder<Ignore, int>(settings).SetValueDeserializer(new Length()).Build();
        consumer.Assign(Enumerable.Range(0, KafkaPostgres.Partitions)
            .Select(partition => new TopicPartitionOffset(servers.Log.Topic, partition, 0)));
        var (read, bytes) = (0L, 0L);
        while (read < messages)
        {
            if (consumer.Consume(TimeSpan.FromSeconds(1)) is { } result)
            {
                read++;
                bytes += result.Message.Value;
            }
        }

        return bytes > 0 ? read : 0;
    }

    private readonly record struct Cost(double Processor, double Rate, double Bytes);

    private sealed class Counter : IMessageVisitor
    {
        private long _bytes;

        public long Messages { get; private set; }

        public bool Visit(in ReceivedMessage message)
        {
            _bytes += message.Value.Length;
            return ++Messages < long.MaxValue;
        }
    }

    private sealed class Length : IDeserializer<int>
    {
        public int Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) => data.Length;
    }
}
