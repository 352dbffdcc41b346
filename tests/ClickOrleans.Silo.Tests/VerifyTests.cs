using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Silo.Tests;

/// <summary>What <c>verify</c> says of an untouched pipeline, and of each kind of damage done by hand.</summary>
public sealed class VerifyTests(PipelineOnceFixture once) : IClassFixture<PipelineOnceFixture>
{
    [Fact]
    public async Task An_untouched_pipeline_is_verified_and_what_was_compared_is_said()
    {
        using var data = once.Copy();

        var (exitCode, output) = await VerifyAsync(data);

        Assert.True(exitCode == 0, output);
        Assert.Contains("3,003 offsets of 4 partitions", output, StringComparison.Ordinal);
        Assert.Contains("3,000 folded clicks", output, StringComparison.Ordinal);
        Assert.Contains("nothing lost, nothing doubled", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "store.db",
        "delete from clickstream_data where partition = 1 and \"offset\" = 7",
        "partition 1 offset 7: in the log, not in the store")]
    [InlineData(
        "store.db",
        "update clickstream_data set city = 'Atlantis' where partition = 2 and \"offset\" = 5",
        "partition 2 offset 5: city is 'Atlantis'")]
    [InlineData(
        "store.db",
        "update clickstream_data set url = url || '/x' where partition = 0 and \"offset\" = 3",
        "partition 0 offset 3: url is")]
    [InlineData(
        "store.db",
        "update clickstream_data set \"offset\" = 900000 where partition = 3 and \"offset\" = 4",
        "partition 3 offset 900000")]
    [InlineData("store.db", "delete from dead_letters where reason = 'malformed_json'", ": in the log, not in the store")]
    [InlineData(
        "store.db",
        "update dead_letters set payload = x'00' where reason = 'malformed_json'",
        "the dead letter's payload is not the message")]
    [InlineData("store.db", "delete from click_rollups where page_id = 5", "click_rollups")]
    [InlineData("store.db", "update click_rollups set clicks = clicks + 1 where page_id = 5", ": clicks is")]
    [InlineData("store.db", "update click_rollups set unique_users = unique_users + 1 where page_id = 5", ": unique_users is")]
    [InlineData(
        "store.db",
        "update click_rollups set first_click = '1999-01-01T00:00:00.000000Z' where page_id = 5",
        ": first_click is")]
    [InlineData("store.db", "delete from click_visitors where page_id = 5", "click_visitors")]
    [InlineData("index.db", "delete from click_events where id = (select min(id) from click_events)", "the document is missing")]
    [InlineData(
        "index.db",
        "update click_events set clicks = clicks + 1 where id = (select min(id) from click_events)",
        "the document says")]
    [InlineData(
        "index.db",
        "update click_events set version = version - 1 where id = (select min(id) from click_events)",
        "the document has version")]
    public async Task Damage_done_by_hand_is_named_with_its_place(string file, string damage, string named)
    {
        using var data = once.Copy();
        Assert.True(Database.Execute(data.File(file), damage) > 0);

        var (exitCode, output) = await VerifyAsync(data);

        Assert.True(exitCode == 1, output);
        Assert.Contains(named, output, StringComparison.Ordinal);
    }

    private static Task<(int ExitCode, string Output)> VerifyAsync(TemporaryFolder data) =>
        SiloProcess.CommandAsync(["verify", "--data", data.Path]);
}
