using System.Diagnostics;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Wire;
using ClickOrleans.Testing.HostileMessages;
using Xunit;
using Hostile = ClickOrleans.Testing.HostileMessages.HostileMessages;

namespace ClickOrleans.Testing.Pipelines;

/// <summary>
/// Every hostile message becomes a click or the dead letter that the oracle expects; none blocks its partition.
/// </summary>
public static class HostileDrill
{
    private const int Partitions = 4;

    public static async Task RunAsync(ServerPipeline pipeline, int count, int seed, Action<string> log)
    {
        var expected = new Dictionary<(int Partition, long Offset), string>();
        await pipeline.Topic.CreateAsync();
        await pipeline.Topic.ProduceAsync(Messages(count, seed, expected));
        log($"{count:N0} messages, {count - expected.Count:N0} of them clicks");

        await using var silo = await pipeline.RunAsync("--producers", "0");
        var begun = Stopwatch.GetTimestamp();
        await silo.WaitForStatusAsync(
            status => status.Total("stored") + status.Total("deadLetters") == count && status.IsCaughtUp(),
            Poll.DefaultTimeout + TimeSpan.FromMilliseconds(count));
        log($"caught up {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s after the start");

        var letters = await pipeline.Database.QueryAsync(
            """select partition, "offset", reason from dead_letters""",
            row => (Place: (row.GetInt32(0), row.GetInt64(1)), Reason: row.GetString(2)));
        Assert.Equal(expected.Count, letters.Count);
        Assert.All(letters, letter => Assert.Equal(expected[letter.Place], letter.Reason));
        var byReason = letters.CountBy(letter => letter.Reason).OrderBy(pair => pair.Key);
        log(string.Join(", ", byReason.Select(pair => $"{pair.Key} {pair.Value:N0}")));
        log((await pipeline.FinishAsync(silo)).Trim());
    }

    /// <summary>Distributes the messages round-robin and records the expected reason of each dead letter.</summary>
    private static IEnumerable<(int Partition, byte[]? Key, byte[]? Value)> Messages(
        int count, int seed, Dictionary<(int Partition, long Offset), string> expected)
    {
        var number = 0;
        foreach (var message in Hostile.Mutations(seed, count))
        {
            var partition = number % Partitions;
            if (WireOracle.Judge(message).Reason is { } reason)
            {
                expected[(partition, number / Partitions)] = reason.Name();
            }

            yield return (partition, number % 2 == 0 ? null : BitConverter.GetBytes(number), message);
            number++;
        }
    }
}
