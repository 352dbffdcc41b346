using System.Net;
using ClickOrleans.Testing;
using ClickOrleans.Testing.Pipelines;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.EndToEnd.Tests;

/// <summary>Retention removes messages before they are stored: the loss is reported, never skipped silently.</summary>
public sealed class RetentionTests(SharedServers servers, ITestOutputHelper output)
{
    private const string Command = "accept-loss --partition 1";

    [Fact]
    public async Task A_partition_with_lost_offsets_stops_and_reports_them_until_the_loss_is_accepted()
    {
        await using var pipeline = await servers.NewPipelineAsync(partitions: 2);
        await pipeline.Topic.CreateAsync();
        await pipeline.Topic.ProduceAsync(1, Clicks.Of("early", 100));
        await using var silo = await pipeline.RunAsync("--producers", "0");
        await silo.WaitForStoredAsync(100);
        await silo.PutAsync("/api/consumers", new { count = 0 });
        await pipeline.Topic.ProduceAsync(1, Clicks.Of("late", 200));
        await pipeline.Topic.TruncateAsync(1, 150);

        await silo.PutAsync("/api/consumers", new { count = 1 });

        var stopped = await silo.WaitForStatusAsync(
            status => status.Partitions().Any(partition => partition.GetProperty("state").GetString() == "stopped"),
            Poll.DefaultTimeout);
        var partition = stopped.Partitions().Single(partition => partition.GetProperty("partition").GetInt32() == 1);
        var error = partition.GetProperty("error").GetString()!;
        Assert.Matches("100.*149", error);
        Assert.Contains(Command, error, StringComparison.Ordinal);
        Assert.True(silo.HasLogged(LogEvents.PartitionStopped), silo.Output);
        await WaitForReadyAsync(
            silo,
            (code, body) => code == HttpStatusCode.ServiceUnavailable && body.Contains(Command, StringComparison.Ordinal));
        await pipeline.Topic.ProduceAsync(0, Clicks.Of("neighbour", 10));
        await silo.WaitForStoredAsync(110);

        var (exitCode, accepted) = await pipeline.CommandAsync(Command.Split(' '));

        Assert.True(exitCode == 0, accepted);
        var lost = await pipeline.Database.QueryAsync(
            "select partition, start_offset, end_offset from lost_ranges",
            row => (row.GetInt32(0), row.GetInt64(1), row.GetInt64(2)));
        Assert.Equal((1, 100, 150), Assert.Single(lost));
        await silo.WaitForStoredAsync(100 + 10 + 150);
        await WaitForReadyAsync(silo, (code, _) => code == HttpStatusCode.OK);
        await silo.WaitForStatusAsync(status => status.IsCaughtUp(), PipelineTestExtensions.Timeout);
        Assert.Equal(0, await silo.InterruptAsync(TimeSpan.FromSeconds(30)));
        output.WriteLine(await pipeline.VerifyAsync(sample: 0));
    }

    private static Task WaitForReadyAsync(SiloProcess silo, Func<HttpStatusCode, string, bool> expected)
    {
        var last = "";
        return Poll.UntilAsync(
            async () =>
            {
                using var response = await silo.Http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
                last = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                return expected(response.StatusCode, last);
            },
            () => last);
    }
}
