using System.Text;
using ClickOrleans.Testing.Pipelines;

namespace ClickOrleans.EndToEnd.Tests;

/// <summary>Rows that decode well and that only the database rejects.</summary>
public sealed class PoisonTests(SharedServers servers, ITestOutputHelper output)
{
    private const int Batch = 5_000;
    private const int Poisoned = 3_217;

    [Fact]
    public async Task One_row_that_the_database_rejects_costs_one_dead_letter_and_few_attempts_and_is_stored_by_a_retry_once_it_may()
    {
        await using var pipeline = await servers.NewPipelineAsync(partitions: 1);
        pipeline.With("ClickOrleans:Consuming:BatchSize", $"{Batch}").With("ClickOrleans:Consuming:Linger", "00:00:10");
        var poison = Clicks.Of("poison", Poisoned, "Atlantis");
        await using var silo = await pipeline.RunAsync("--producers", "0", "--consumers", "0");
        await pipeline.Database.ExecuteAsync(
            "alter table clickstream_data add constraint no_myths check (city <> 'Atlantis')",
            // A sequence counts also what is rolled back.
            "create sequence attempts",
            "create function count_attempt() returns trigger language plpgsql as $$ begin perform nextval('attempts'); return null; end $$",
            "create trigger count_attempt before insert on clickstream_data for each statement execute function count_attempt()");
        await pipeline.Topic.ProduceAsync(0, [.. Clicks.Of("good", Poisoned), poison, .. Clicks.Of("good", Batch - Poisoned - 1)]);

        await silo.PutAsync("/api/consumers", new { count = 1 });
        await silo.WaitForStatusAsync(status => status.Total("lag") == 0, PipelineTestExtensions.Timeout);

        Assert.Equal(Batch - 1, await pipeline.Database.CountClicksAsync());
        var letters = await pipeline.Database.ListAsync(
            """select partition, "offset", reason, error, "key", payload from dead_letters""",
            row => (Place: (row.GetInt32(0), row.GetInt64(1)), Reason: row.GetString(2), Error: row.GetString(3), Key: (byte[])row[4], Payload: (byte[])row[5]));
        var letter = Assert.Single(letters);
        Assert.Equal((0, Poisoned), letter.Place);
        Assert.Equal("rejected_by_store", letter.Reason);
        Assert.Contains("no_myths", letter.Error, StringComparison.Ordinal);
        Assert.Equal(poison.Key, letter.Key);
        Assert.Equal(Encoding.UTF8.GetString(poison.Value!), Encoding.UTF8.GetString(letter.Payload));
        var attempts = await pipeline.Database.AskAsync<long>("select last_value from attempts");
        output.WriteLine($"{attempts} attempts");
        Assert.InRange(attempts, 2, 30);

        await pipeline.Database.ExecuteAsync("alter table clickstream_data drop constraint no_myths");
        var (exitCode, retried) = await pipeline.CommandAsync("dead-letters", "retry", "--reason", "rejected_by_store");
        Assert.Equal((0, "1 stored, 0 unchanged, 0 not there"), (exitCode, retried.Trim()));
        Assert.Equal(0, await pipeline.Database.CountDeadLettersAsync());
        Assert.Equal(Batch, await pipeline.Database.CountClicksAsync());
        output.WriteLine(await pipeline.FinishAsync(silo, sample: 0));
    }
}
