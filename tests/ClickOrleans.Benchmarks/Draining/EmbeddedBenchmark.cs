using System.Diagnostics;
using System.Text.Json;
using ClickOrleans.Benchmarks.Storing;
using ClickOrleans.Testing.Pipelines;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Benchmarks.Draining;

/// <summary>
/// <c>run --rate 0 --producers 2</c> with embedded storage: clicks per second from producer to store with an aggregation every 5
/// s, and the memory of the process. Options: <c>--seconds</c>.
/// </summary>
internal static class EmbeddedBenchmark
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] args)
    {
        var seconds = StoreBench.Option(args, "seconds", 300);
        using var data = new TemporaryFolder();
        await using var silo = await SiloProcess.RunAsync(["--rate", "0", "--producers", "2", "--data", data.Path]);
        await Task.Delay(WarmUp);
        var first = await silo.StatusAsync();
        var watch = Stopwatch.StartNew();
        var memory = new List<double>();
        var runs = new List<(long Clicks, double Seconds)>();
        while (watch.Elapsed < TimeSpan.FromSeconds(seconds))
        {
            await Task.Delay(TimeSpan.FromSeconds(5));
            using var process = Process.GetProcessById(silo.Id);
            memory.Add(process.WorkingSet64 / 1024.0 / 1024.0);
            var status = await silo.StatusAsync();
            var run = status.GetProperty("aggregation").GetProperty("lastRun");
            if (run.ValueKind == JsonValueKind.Object && run.GetProperty("clicks").GetInt64() > 0)
            {
                runs.Add((run.GetProperty("clicks").GetInt64(), run.GetProperty("tookSeconds").GetDouble()));
            }

            Console.WriteLine(
                $"{watch.Elapsed.TotalSeconds,4:0} s  stored {status.Total("stored"),12:N0}  lag {status.Total("lag"),9:N0}  " +
                $"folded {status.Total("folded"),12:N0}  memory {memory[^1]:0} MB");
        }

        var last = await silo.StatusAsync();
        var elapsed = watch.Elapsed.TotalSeconds;
        var stored = (last.Total("stored") - first.Total("stored")) / elapsed;
        var produced = (Produced(last) - Produced(first)) / elapsed;
        Console.WriteLine($"{stored:N0} clicks/s stored, {produced:N0} produced");
        Console.WriteLine($"memory: {StoreBench.Spread(memory)} MB");
        if (runs.Count > 0)
        {
            Console.WriteLine(
                $"aggregation: {StoreBench.Spread(runs.Select(run => run.Clicks / run.Seconds))} clicks/s folded and indexed");
        }

        return await silo.InterruptAsync(TimeSpan.FromSeconds(10));
    }

    private static long Produced(JsonElement status) => status.GetProperty("producers").GetProperty("produced").GetInt64();
}
