using System.Net.Http.Json;
using System.Text.Json;
using ClickOrleans.Testing.Silos;
using Xunit;

namespace ClickOrleans.Testing.Pipelines;

/// <summary>Reads the status of a pipeline, waits for it, and verifies it at the end.</summary>
public static class PipelineTestExtensions
{
    /// <inheritdoc cref="Poll.DefaultTimeout"/>
    public static TimeSpan Timeout => Poll.DefaultTimeout;

    public static long Total(this JsonElement status, string name) => status.GetProperty("totals").GetProperty(name).GetInt64();

    public static IEnumerable<JsonElement> Partitions(this JsonElement status) =>
        status.GetProperty("consumers").GetProperty("partitions").EnumerateArray();

    /// <summary>Whether everything in the log is stored, folded and indexed.</summary>
    public static bool IsCaughtUp(this JsonElement status) =>
        !status.GetProperty("totals").GetProperty("lagStale").GetBoolean()
        && status.Total("lag") == 0
        && status.Total("folded") == status.Total("stored")
        && status.Total("indexed") == status.Total("rollups");

    public static async Task PutAsync(this SiloProcess silo, string path, object body)
    {
        using var response = await silo.Http.PutAsJsonAsync(path, body);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Waits until the silo has stored that many clicks in all.</summary>
    public static Task<JsonElement> WaitForStoredAsync(this SiloProcess silo, long clicks) =>
        silo.WaitForStatusAsync(status => status.Total("stored") >= clicks, Timeout);

    /// <summary>Waits until more clicks are stored than now.</summary>
    public static async Task<JsonElement> WaitForMoreAsync(this SiloProcess silo, ServerPipeline pipeline, long more)
    {
        var stored = await pipeline.Database.CountClicksAsync();
        return await silo.WaitForStoredAsync(stored + more);
    }

    /// <summary>Waits until more is stored of every partition than now.</summary>
    public static async Task WaitForEveryPartitionAsync(this SiloProcess silo)
    {
        var before = NextOffsets(await silo.WaitForStatusAsync(status => status.Partitions().Any(), Timeout));
        await silo.WaitForStatusAsync(status => before.All(HasMovedOn(NextOffsets(status))), Timeout);
    }

    private static Func<KeyValuePair<int, long>, bool> HasMovedOn(Dictionary<int, long> now) =>
        before => now.GetValueOrDefault(before.Key) > before.Value;

    private static Dictionary<int, long> NextOffsets(JsonElement status) => status.Partitions().ToDictionary(
        partition => partition.GetProperty("partition").GetInt32(), partition => partition.GetProperty("nextOffset").GetInt64());

    /// <summary>
    /// Stops producing, waits until the pipeline has caught up, stops the silo and checks that nothing is lost or duplicated:
    /// <c>verify</c> exits with 0 and there are as many rows as offsets.
    /// </summary>
    /// <returns>The output of <c>verify</c>.</returns>
    public static async Task<string> FinishAsync(this ServerPipeline pipeline, SiloProcess silo, long sample = 100_000)
    {
        await silo.PutAsync("/api/producers", new { count = 0 });
        await pipeline.WaitUntilAllStoredAsync();
        using (await silo.Http.PostAsync("/api/aggregation/run", null))
        {
            await silo.WaitForStatusAsync(IsCaughtUp, Timeout);
        }

        Assert.Equal(0, await silo.InterruptAsync(TimeSpan.FromSeconds(30)));
        var output = await pipeline.VerifyAsync(sample);
        Assert.Equal((await pipeline.Topic.GetEndsAsync()).Sum(), await pipeline.CountRowsAsync());
        return output;
    }

    private static Task<long> CountRowsAsync(this ServerPipeline pipeline) =>
        pipeline.Database.QueryScalarAsync<long>(
            """
            select
              (select count(*) from clickstream_data) + (select count(*) from dead_letters)
              + (select count(*) from duplicate_clicks)
            """);

    /// <summary>
    /// A stopped producer may have messages in flight: waits until the end offsets are stable and every message is stored.
    /// </summary>
    private static async Task WaitUntilAllStoredAsync(this ServerPipeline pipeline)
    {
        var (ends, rows) = (-1L, -2L);
        await Poll.UntilAsync(
            async () =>
            {
                var before = ends;
                (ends, rows) = ((await pipeline.Topic.GetEndsAsync()).Sum(), await pipeline.CountRowsAsync());
                return ends == before && ends == rows;
            },
            () => $"The log ends at {ends:N0}, {rows:N0} rows are stored.");
    }

    /// <summary>Runs <c>verify</c>, which must exit with 0.</summary>
    public static async Task<string> VerifyAsync(this ServerPipeline pipeline, long sample = 100_000)
    {
        var (exitCode, output) = await pipeline.CommandAsync("verify", "--sample", $"{sample}");
        Assert.True(exitCode == 0, output);
        return output;
    }
}
