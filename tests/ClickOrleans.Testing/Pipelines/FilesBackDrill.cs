using System.Diagnostics;
using System.Text.Json;
using ClickOrleans.Testing.Silos;
using Xunit;

namespace ClickOrleans.Testing.Pipelines;

/// <summary>
/// Files of the embedded pipeline are copied back from a backup, in a combination, and the silo is started with no further
/// command: rows, rollups and documents become right again. Where the log alone went back, it says so and stops.
/// </summary>
public sealed class FilesBackDrill(int clicks, Action<string> tell) : IDisposable
{
    private static readonly string[] Names = ["store.db", "log.db", "index.db"];

    private readonly TemporaryFolder _data = new();
    private readonly TemporaryFolder _backup = new();
    private readonly TemporaryFolder _latest = new();

    /// <summary>Every combination of files.</summary>
    public static IReadOnlyList<string> Combinations { get; } =
        ["store", "index", "log", "store+index", "store+log", "log+index", "store+log+index"];

    /// <summary>Runs the pipeline, backs it up, and runs it on.</summary>
    public async Task PrepareAsync()
    {
        await ProduceAsync(clicks / 2);
        Copy(_data, _backup, Names);
        await ProduceAsync(clicks);
        Copy(_data, _latest, Names);
    }

    /// <summary>Copies files back and sees to it that the pipeline heals.</summary>
    /// <param name="combination">For example <c>store+index</c>.</param>
    public async Task RunAsync(string combination)
    {
        string[] back = [.. combination.Split('+').Select(name => $"{name}.db")];
        Copy(_latest, _data, Names);
        Copy(_backup, _data, back);
        var begun = Stopwatch.GetTimestamp();
        await using var silo = await StartAsync("--producers", "0");
        if (back.Contains("log.db") && !back.Contains("store.db"))
        {
            await silo.WaitForStatusAsync(
                status => status.Partitions().Any(partition => partition.GetProperty("state").GetString() == "stopped"),
                PipelineTestExtensions.Timeout);
            using var ready = await silo.Http.GetAsync("/health/ready");
            Assert.False(ready.IsSuccessStatusCode);
            tell($"{combination}: stopped {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s after the start");
            return;
        }

        await silo.WaitForStatusAsync(status => IsWell(status) && IsSwept(status), PipelineTestExtensions.Timeout);
        tell($"{combination}: right {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s after the start");
        Assert.Equal(0, await silo.InterruptAsync(TimeSpan.FromSeconds(30)));
        var (exitCode, output) = await SiloProcess.CommandAsync(["verify", "--sample", "0", "--data", _data.Path]);
        Assert.True(exitCode == 0, $"{combination}: {output}");
    }

    public void Dispose()
    {
        _data.Dispose();
        _backup.Dispose();
        _latest.Dispose();
    }

    /// <summary>Caught up by a run that went well after what was to be healed.</summary>
    private static bool IsWell(JsonElement status) =>
        status.IsCaughtUp()
        && status.Total("stored") > 0
        && status.GetProperty("aggregation").GetProperty("lastRun") is { ValueKind: JsonValueKind.Object } run
        && run.GetProperty("error").ValueKind == JsonValueKind.Null
        && status.GetProperty("errors").GetArrayLength() == 0;

    /// <summary>All documents were compared since the start: those without a rollup are gone.</summary>
    private static bool IsSwept(JsonElement status) =>
        status.GetProperty("aggregation").GetProperty("sweep").ValueKind == JsonValueKind.Object;

    // A file, and what a process that was killed leaves beside it.
    private static void Copy(TemporaryFolder from, TemporaryFolder to, IEnumerable<string> names)
    {
        foreach (var file in names.SelectMany(name => new[] { name, $"{name}-wal", $"{name}-shm" }))
        {
            File.Delete(to.File(file));
            if (File.Exists(from.File(file)))
            {
                File.Copy(from.File(file), to.File(file));
            }
        }
    }

    private async Task ProduceAsync(int stored)
    {
        await using var silo = await StartAsync("--rate", "0", "--producers", "1");
        await silo.WaitForStoredAsync(stored);
        await silo.PutAsync("/api/producers", new { count = 0 });
        await silo.WaitForStatusAsync(IsWell, PipelineTestExtensions.Timeout);
        Assert.Equal(0, await silo.InterruptAsync(TimeSpan.FromSeconds(30)));
    }

    private Task<SiloProcess> StartAsync(params string[] arguments) => SiloProcess.RunAsync(
        ["--data", _data.Path, .. arguments],
        new Dictionary<string, string>
        {
            ["ClickOrleans__Aggregation__Interval"] = "00:00:01",
            ["ClickOrleans__Index__Sweep__DocumentsPerSecond"] = "5000",
        });
}
