using ClickOrleans.Testing;
using ClickOrleans.Testing.Pipelines;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.EndToEnd.Tests;

/// <summary>The topic is deleted and recreated while the silo runs: it is a new log.</summary>
public sealed class ReplacedTopicTests(SharedServers servers, ITestOutputHelper output)
{
    private const string OldClicks =
        """select md5(string_agg(c::text, '|' order by partition, "offset")) from clickstream_data c where url like '/old/%'""";

    [Fact]
    public async Task A_topic_recreated_under_load_loses_and_doubles_nothing()
    {
        await using var pipeline = await servers.NewPipelineAsync();

        await ReplacedTopicDrill.RunAsync(pipeline, times: 2, output.WriteLine);
    }

    /// <summary>The new log ends before, at and after the offset stored for the old one.</summary>
    [Theory]
    [InlineData(30)]
    [InlineData(100)]
    [InlineData(1000)]
    public async Task A_recreated_topic_is_read_from_its_start_and_the_old_clicks_are_unchanged(int newClicks)
    {
        await using var pipeline = await servers.NewPipelineAsync(partitions: 1);
        await pipeline.Topic.CreateAsync();
        await pipeline.Topic.ProduceAsync(0, Clicks.Of("old", 100));
        await using var silo = await pipeline.RunAsync("--producers", "0");
        await silo.WaitForStoredAsync(100);
        var old = await pipeline.Database.QueryScalarAsync<string>(OldClicks);

        await pipeline.Topic.DeleteAsync();
        await silo.WaitForStatusAsync(
            status => status.Partitions().Any(partition => partition.GetProperty("state").GetString() != "running")
                || status.GetProperty("errors").GetArrayLength() > 0,
            Poll.DefaultTimeout);
        await Poll.UntilAsync(() => silo.HasLogged(LogEvents.PartitionUnavailable), () => silo.Output);
        Assert.False(await pipeline.Topic.ExistsAsync(), "The topic may only be created at startup.");

        await pipeline.Topic.CreateAsync();
        await pipeline.Topic.ProduceAsync(0, Clicks.Of("new", newClicks));
        await silo.WaitForStoredAsync(100 + newClicks);

        Assert.Equal(2L, await pipeline.Database.QueryScalarAsync<long>("select count(*) from click_logs"));
        Assert.Equal(
            newClicks,
            await pipeline.Database.QueryScalarAsync<long>(
                "select count(*) from clickstream_data where url like '/new/%' "
                + "and log_id <> (select min(log_id) from click_logs)"));
        Assert.Equal(old, await pipeline.Database.QueryScalarAsync<string>(OldClicks));
        await silo.WaitForStatusAsync(status => status.IsCaughtUp(), Poll.DefaultTimeout);
        Assert.Equal(0, await silo.InterruptAsync(TimeSpan.FromSeconds(30)));
        output.WriteLine(await pipeline.VerifyAsync(sample: 0));
    }
}
