using System.Diagnostics;
using System.Text.Json;
using ClickOrleans.Testing.Silos;
using Npgsql;
using Xunit;

namespace ClickOrleans.Testing.Pipelines;

/// <summary>
/// The database goes back to a copy of earlier, after more clicks; the silo is started with no further command: the log is read
/// again, and every document becomes what the rollups say.
/// </summary>
public static class StoreBackDrill
{
    /// <summary>The copy is another database of the same server.</summary>
    public static Task RunAsync(ServerPipeline pipeline, int clicks, Action<string> tell)
    {
        var database = new NpgsqlConnectionStringBuilder(pipeline.Connection).Database!;
        return RunAsync(
            pipeline,
            clicks,
            () => CommandAsync(pipeline, $"create database {database}_backup template {database}"),
            async () =>
            {
                await CommandAsync(pipeline, $"drop database {database} with (force)");
                await CommandAsync(pipeline, $"alter database {database}_backup rename to {database}");
            },
            tell);
    }

    /// <summary>The copy is a base backup of the server, or a standby of it that has lost the last clicks.</summary>
    public static Task RunAsync(ServerPipeline pipeline, int clicks, bool isStandby, Action<string> tell)
    {
        var copy = new PhysicalCopy(pipeline.Postgres, isStandby);
        return RunAsync(pipeline, clicks, copy.TakeAsync, copy.ReplaceAsync, tell);
    }

    private static async Task RunAsync(
        ServerPipeline pipeline, int clicks, Func<Task> copyAsync, Func<Task> replaceAsync, Action<string> tell)
    {
        pipeline.With("ClickOrleans:Aggregation:Interval", "00:00:01");
        await ProduceAsync(pipeline, clicks);
        await copyAsync();
        await ProduceAsync(pipeline, 2 * clicks);

        await replaceAsync();
        var begun = Stopwatch.GetTimestamp();
        await using var silo = await pipeline.RunAsync("--rate", "1000", "--producers", "1");
        await silo.WaitForStoredAsync(2 * clicks);
        tell($"rows {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s after the start");
        await silo.PutAsync("/api/producers", new { count = 0 });
        await silo.WaitForStatusAsync(IsWell, PipelineTestExtensions.Timeout);
        tell($"documents {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s after the start");
        Assert.Contains("Store went back", silo.Output, StringComparison.Ordinal);
        tell((await pipeline.FinishAsync(silo, sample: 0)).Trim());
    }

    private static bool IsWell(JsonElement status) => status.IsCaughtUp() && status.GetProperty("errors").GetArrayLength() == 0;

    private static async Task ProduceAsync(ServerPipeline pipeline, int stored)
    {
        await using var silo = await pipeline.RunAsync("--rate", "0", "--producers", "1");
        await silo.WaitForStoredAsync(stored);
        await silo.PutAsync("/api/producers", new { count = 0 });
        await silo.WaitForStatusAsync(IsWell, PipelineTestExtensions.Timeout);
        Assert.Equal(0, await silo.InterruptAsync(TimeSpan.FromSeconds(30)));
    }

    private static async Task CommandAsync(ServerPipeline pipeline, string sql)
    {
        var server = new NpgsqlConnectionStringBuilder(pipeline.Postgres.Address) { Pooling = false };
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
