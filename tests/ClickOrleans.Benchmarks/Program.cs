using ClickOrleans.Benchmarks.Clustering;
using ClickOrleans.Benchmarks.Dashboards;
using ClickOrleans.Benchmarks.Decoding;
using ClickOrleans.Benchmarks.Draining;
using ClickOrleans.Benchmarks.Drills;
using ClickOrleans.Benchmarks.Indexing;
using ClickOrleans.Benchmarks.Storing;
using ClickOrleans.Benchmarks.Telemetry;

var benchmarks = new Dictionary<string, (string What, Func<string[], Task<int>> RunAsync)>
{
    ["decode"] = ("decoding and generating alone, clicks per second on one core", DecodeBenchmark.RunAsync),
    ["commit"] = ("the store's commit alone against \\copy", CommitBenchmark.RunAsync),
    ["fold"] = ("the fold where nine of ten clicks bring a new visitor, while the history grows tenfold", FoldBenchmark.RunAsync),
    ["index"] = ("indexing against a bare curl loop with the same bodies", IndexingBenchmark.RunAsync),
    ["kafka-postgres"] = ("the pipeline draining Kafka into PostgreSQL, against \\copy and against a naive consumer", KafkaPostgresBenchmark.RunAsync),
    ["latency"] = ("from produce to visible row at 5,000 clicks/s, Kafka and PostgreSQL", LatencyBenchmark.RunAsync),
    ["drill"] = ("kills, outages or hostile messages at length, on Kafka and PostgreSQL", DrillCommand.RunAsync),
    ["backlog"] = ("memory while draining 10 million clicks, Kafka and PostgreSQL", BacklogBenchmark.RunAsync),
    ["telemetry"] = ("draining Kafka into PostgreSQL with OTLP on against off", TelemetryBenchmark.RunAsync),
    ["dashboard"] = ("what twenty browsers cost the embedded pipeline", DashboardBenchmark.RunAsync),
    ["cluster"] = ("what a click costs one, two and three silos, Kafka and PostgreSQL", ClusterBenchmark.RunAsync),
    ["embedded"] = ("the whole embedded pipeline as fast as it goes, with memory", EmbeddedBenchmark.RunAsync),
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
