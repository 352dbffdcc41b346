using System.Net;
using ClickOrleans.Testing.Pipelines;

namespace ClickOrleans.EndToEnd.Tests;

/// <summary>Retention removes messages before they are stored: never a silent jump.</summary>
public sealed class RetentionTests(SharedServers servers, ITestOutputHelper output)
{
    private const string Lost = "Offsets 100..149 were removed from the log before they were stored. To go on without them: accept-loss --partition 1";

    [Fact]
    public async Task A_partition_whose_next_offsets_are_gone_stops_and_names_them_until_the_loss_is_accepted()
    {
        await using var pipeline = await servers.NewPipelineAsync(partitions: 2);
        await pipeline.Topic.MakeAsync();
        await pipeline.Topic.ProduceAsync(1, Clicks.Of("early", 100));
        await using var silo = await pipeline.RunAsync("--producers", "0");
        await silo.WaitForStoredAsync(100);
        await silo.PutAsync("/api/consumers", new { count = 0 });
        await pipeline.Topic.ProduceAsync(1, Clicks.Of("late", 200));
        await pipeline.Topic.TruncateAsync(1, 150);

        await silo.PutAsync("/api/consumers", new { count = 1 });

        var stopped = await silo.WaitForStatusAsync(
            status => status.Partitions().Any(partition => partition.GetProperty("state").GetString() == "stopped"), PipelineTestExtensions.Timeout);
        Assert.Equal(Lost, stopped.Partitions().Single(partition => partition.GetProperty("partition").GetInt32() == 1).GetProperty("error").GetString());
        Assert.Contains($"Partition 1 is stopped. {Lost}", silo.Output, StringComparison.Ordinal);
        await WaitForReadyAsync(silo, (code, body) => code == HttpStatusCode.ServiceUnavailable && body.Contains(Lost, StringComparison.Ordinal));
        await pipeline.Topic.ProduceAsync(0, Clicks.Of("neighbour", 10));
        await silo.WaitForStoredAsync(110);

        var (exitCode, accepted) = await pipeline.CommandAsync("accept-loss", "--partition", "1");

        Assert.True(exitCode == 0, accepted);
        Assert.Equal("Partition 1 goes on at offset 150; lost are the offsets 100..149.", accepted.Trim());
        await silo.WaitForStoredAsync(100 + 10 + 150);
        await WaitForReadyAsync(silo, (code, _) => code == HttpStatusCode.OK);
        await silo.WaitForStatusAsync(status => status.IsCaughtUp(), PipelineTestExtensions.Timeout);
        Assert.Equal(0, await silo.InterruptAsync(TimeSpan.FromSeconds(30)));
        output.WriteLine(await pipeline.VerifyAsync(sample: 0));
    }

    private static Task WaitForReadyAsync(Testing.Silos.SiloProcess silo, Func<HttpStatusCode, string, bool> expected)
    {
        var last = "";
        return PipelineTestExtensions.WaitForAsync(
            async () =>
            {
                using var answer = await silo.Http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
                last = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                return expected(answer.StatusCode, last);
            },
            () => last);
    }
}
