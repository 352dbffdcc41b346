using Xunit;

namespace ClickOrleans.Testing.Pipelines;

/// <summary>The topic is deleted and made again while clicks are produced and stored: each is a log of its own.</summary>
public static class ReplacedTopicDrill
{
    public static async Task RunAsync(ServerPipeline pipeline, int times, Action<string> tell)
    {
        await using var silo = await pipeline.RunAsync("--producers", "2", "--rate", "3000");
        await silo.WaitForStoredAsync(3_000);
        for (var time = 1; time <= times; time++)
        {
            await pipeline.Topic.DeleteAsync();
            await pipeline.Topic.CreateAsync();
            await Poll.UntilAsync(
                async () => await LogsAsync(pipeline) > time, () => $"The topic was not read.{Environment.NewLine}{silo.Output}");
            await silo.WaitForEveryPartitionAsync();
            tell($"{time}: made again, every partition stores");
        }

        await silo.PutAsync("/api/producers", new { count = 0 });
        await silo.WaitForStatusAsync(status => status.IsCaughtUp(), Poll.DefaultTimeout);
        Assert.Equal(0, await silo.InterruptAsync(TimeSpan.FromSeconds(30)));
        tell((await pipeline.VerifyAsync()).Trim());
    }

    private static Task<long> LogsAsync(ServerPipeline pipeline) =>
        pipeline.Database.QueryScalarAsync<long>("select count(distinct log_id) from clickstream_data");
}
