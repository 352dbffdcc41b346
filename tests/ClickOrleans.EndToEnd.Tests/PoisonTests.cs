using System.Text;
using ClickOrleans.Testing;
using ClickOrleans.Testing.Pipelines;

namespace ClickOrleans.EndToEnd.Tests;

/// <summary>Clicks that decode but are rejected by the database.</summary>
public sealed class PoisonTests(SharedServers servers, ITestOutputHelper output)
{
    private const int BatchSize = 5_000;
    private const int Poisoned = 3_217;

    [Fact]
    public async Task A_rejected_row_becomes_one_dead_letter_in_few_attempts_and_is_stored_by_a_later_retry()
    {
        await using var pipeline = await servers.NewPipelineAsync(partitions: 1);
        pipeline.With("ClickOrleans:Consuming:BatchSize", $"{BatchSize}").With("ClickOrleans:Consuming:Linger", "00:00:10");
        var poison = Clicks.Of("poison", Poisoned, "Atlantis");
        await using var silo = await pipeline.RunAsync("--producers", "0", "--consumers", "0");
        await pipeline.Database.ExecuteAsync(
            "alter table clickstream_data add constraint no_myths check (city <> 'Atlantis')",
            // A sequence also counts attempts that are rolled back.
            "create sequence attempts",
            "create function count_attempt() returns trigger language plpgsql as "
            + "$$ begin perform nextval('attempts'); return null; end $$",
            "create trigger count_attempt before insert on clickstream_data for each statement execute function count_attempt()");
        var after = Clicks.Of("good", BatchSize - Poisoned - 1);
        await pipeline.Topic.ProduceAsync(0, [.. Clicks.Of("good", Poisoned), poison, .. after]);

        await silo.PutAsync("/api/consumers", new { count = 1 });
        await silo.WaitForStatusAsync(status => status.Total("lag") == 0, Poll.DefaultTimeout);

        Assert.Equal(BatchSize - 1, await pipeline.Database.CountClicksAsync());
        var letters = await pipeline.Database.QueryAsync(
            """select partition, "offset", reason, error, "key", payload from dead_letters""",
            row => (
                Place: (row.GetInt32(0), row.GetInt64(1)),
                Reason: row.GetString(2),
                Error: row.GetString(3),
                Key: (byte[])row[4],
                Payload: (byte[])row[5]));
        var letter = Assert.Single(letters);
        Assert.Equal((0, Poisoned), letter.Place);
        Assert.Equal("rejected_by_store", letter.Reason);
        Assert.Contains("no_myths", letter.Error, StringComparison.Ordinal);
        Assert.Equal(poison.Key, letter.Key);
        Assert.Equal(Encoding.UTF8.GetString(poison.Value!), Encoding.UTF8.GetString(letter.Payload));
        var attempts = await pipeline.Database.QueryScalarAsync<long>("select last_value from attempts");
        output.WriteLine($"{attempts} attempts");
        Assert.InRange(attempts, 2, 30);

        await pipeline.Database.ExecuteAsync("alter table clickstream_data drop constraint no_myths");
        var (exitCode, retried) = await pipeline.CommandAsync("dead-letters", "retry", "--reason", "rejected_by_store");
        Assert.True(exitCode == 0, retried);
        Assert.StartsWith("1 stored, 0 unchanged", retried, StringComparison.Ordinal);
        Assert.Equal(0, await pipeline.Database.CountDeadLettersAsync());
        Assert.Equal(BatchSize, await pipeline.Database.CountClicksAsync());
        output.WriteLine(await pipeline.FinishAsync(silo, sample: 0));
    }
}
