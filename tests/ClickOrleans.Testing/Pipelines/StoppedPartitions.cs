using System.Net;
using System.Text.Json;
using ClickOrleans.Testing.Silos;
using Xunit;

namespace ClickOrleans.Testing.Pipelines;

/// <summary>
/// The end of every drill in which the log went back: each partition is stopped and says why, in the status and the readiness,
/// also after a restart; <c>verify</c> names it. An operator accepts every other partition and adopts the rest; all go on, and
/// <c>verify</c> is content.
/// </summary>
internal static class StoppedPartitions
{
    private const string WentBack = "The log went back";

    /// <summary>Waits until the log of each partition is filled beyond the stored offset, and all of them are stopped.</summary>
    public static async Task WaitAsync(SiloProcess silo)
    {
        var status = await silo.WaitForStatusAsync(
            status => status.Partitions().Any() && status.Partitions().All(IsStoppedAndFilled), Poll.DefaultTimeout);
        Assert.All(
            status.Partitions(),
            partition => Assert.Contains(WentBack, partition.GetProperty("error").GetString(), StringComparison.Ordinal));
    }

    public static async Task DecideAsync(ProgramPipeline pipeline, Action<string> tell)
    {
        await using var silo = await pipeline.RunAsync(["--producers", "0"]);
        await WaitAsync(silo);
        await Poll.UntilAsync(() => IsNotReadyAsync(silo), () => silo.Output);
        var (exitCode, output) = await pipeline.CommandAsync(["verify"]);
        Assert.True(exitCode == 1 && output.Contains("the log went back", StringComparison.Ordinal), output);

        var partitions = (await silo.StatusAsync()).Partitions().Count();
        for (var partition = 0; partition < partitions; partition++)
        {
            var command = partition % 2 == 0 ? "accept-loss" : "adopt-log";
            (exitCode, output) = await pipeline.CommandAsync([command, "--partition", $"{partition}"]);
            tell($"{command}: {output.Trim()}");
            Assert.True(exitCode == 0, output);
        }

        await silo.WaitForStatusAsync(
            status => status.Partitions().All(partition => State(partition) == "running") && status.Total("lag") == 0,
            Poll.DefaultTimeout);
        Assert.Equal(0, await silo.InterruptAsync(TimeSpan.FromSeconds(30)));
        (exitCode, output) = await pipeline.CommandAsync(["verify", "--sample", "0"]);
        tell(output.Trim());
        Assert.True(exitCode == 0, output);
    }

    private static bool IsStoppedAndFilled(JsonElement partition) =>
        State(partition) == "stopped" &&
        partition.GetProperty("endOffset").GetInt64() > partition.GetProperty("nextOffset").GetInt64();

    private static string? State(JsonElement partition) => partition.GetProperty("state").GetString();

    private static async Task<bool> IsNotReadyAsync(SiloProcess silo)
    {
        using var response = await silo.Http.GetAsync("/health/ready");
        var body = await response.Content.ReadAsStringAsync();
        return response.StatusCode == HttpStatusCode.ServiceUnavailable && body.Contains(WentBack, StringComparison.Ordinal);
    }
}
