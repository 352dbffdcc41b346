using ClickOrleans.Benchmarks.Clustering;
using ClickOrleans.Benchmarks.Dashboards;
using ClickOrleans.Benchmarks.Decoding;
using ClickOrleans.Benchmarks.Draining;
using ClickOrleans.Benchmarks.Drills;
using ClickOrleans.Benchmarks.Indexing;
using ClickOrleans.Benchmarks.Partitions;
using ClickOrleans.Benchmarks.Reading;
using ClickOrleans.Benchmarks.Storing;
using ClickOrleans.Benchmarks.Telemetry;

var benchmarks = new Dictionary<string, (string What, Func<string[], Task<int>> RunAsync)>
{
    ["decode"] = ("generating and decoding, clicks per second on one core", DecodeBenchmark.RunAsync),
    ["commit"] = ("the store's commit compared with \\copy", CommitBenchmark.RunAsync),
    ["fold"] = ("folding with nine of ten clicks by new visitors while the history grows tenfold", FoldBenchmark.RunAsync),
    ["series"] = ("GET /api/series of 30 days out of 60, five million clicks", SeriesBenchmark.RunAsync),
    ["index"] = ("indexing compared with a curl loop posting the same bodies", IndexingBenchmark.RunAsync),
    ["kafka-postgres"] = ("draining Kafka into PostgreSQL, \\copy, and a naive consumer", KafkaPostgresBenchmark.RunAsync),
    ["duplicates"] = ("draining the same event ids three times; taking partitions over", DuplicatesBenchmark.RunAsync),
    ["auto-prepare"] = ("draining Kafka with statements prepared and not", AutoPrepareBenchmark.RunAsync),
    ["latency"] = ("produce to visible row at 5,000 clicks/s, Kafka and PostgreSQL", LatencyBenchmark.RunAsync),
    ["drill"] = ("kill, outage and hostile-message drills on Kafka and PostgreSQL", DrillCommand.RunAsync),
    ["backlog"] = ("memory while draining 10 million clicks, Kafka and PostgreSQL", BacklogBenchmark.RunAsync),
    ["partitions"] = ("what a silo costs by the number of partitions: threads, memory, processor", PartitionsBenchmark.RunAsync),
    ["readers"] = ("reading alone: the log's readers and Confluent.Kafka's consumer", ReaderBenchmark.RunAsync),
    ["telemetry"] = ("draining Kafka into PostgreSQL with OTLP on and off", TelemetryBenchmark.RunAsync),
    ["dashboard"] = ("CPU cost of twenty open dashboards", DashboardBenchmark.RunAsync),
    ["cluster"] = ("CPU time per click of one, two and three silos, Kafka and PostgreSQL", ClusterBenchmark.RunAsync),
    ["embedded"] = ("throughput and memory of the embedded pipeline", EmbeddedBenchmark.RunAsync),
};

if (args.Length == 0 || !benchmarks.TryGetValue(args[0], out var benchmark))
{
    foreach (var (name, (what, _)) in benchmarks)
    {
        Console.WriteLine($"{name,-16} {what}");
    }

    return 2;
}

return await benchmark.RunAsync(args[1..]);
