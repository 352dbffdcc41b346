using System.Diagnostics;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Wire;
using ClickOrleans.Testing.HostileMessages;
using Xunit;
using Hostile = ClickOrleans.Testing.HostileMessages.HostileMessages;

namespace ClickOrleans.Testing.Pipelines;

/// <summary>Hostile messages: every one becomes a click or the dead letter that the oracle says, and none holds up its partition.</summary>
public static class HostileDrill
{
    private const int Partitions = 4;

    public static async Task RunAsync(ServerPipeline pipeline, int count, int seed, Action<string> tell)
    {
        var expected = new Dictionary<(int Partition, long Offset), string>();
        await pipeline.Topic.MakeAsync();
        await pipeline.Topic.ProduceAsync(Messages(count, seed, expected));
        tell($"{count:N0} messages, {count - expected.Count:N0} of them clicks");

        await using var silo = await pipeline.RunAsync("--producers", "0");
        var begun = Stopwatch.GetTimestamp();
        await silo.WaitForStatusAsync(
            status => status.Total("stored") + status.Total("deadLetters") == count && status.IsCaughtUp(),
            PipelineTestExtensions.Timeout + TimeSpan.FromMilliseconds(count));
        tell($"caught up {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s after the start");

        var letters = await pipeline.Database.ListAsync(
            """select partition, "offset", reason from dead_letters""",
            row => (Place: (row.GetInt32(0), row.GetInt64(1)), Reason: row.GetString(2)));
        Assert.Equal(expected.Count, letters.Count);
        Assert.All(letters, letter => Assert.Equal(expected[letter.Place], letter.Reason));
        tell(string.Join(", ", letters.CountBy(letter => letter.Reason).OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value:N0}")));
        tell((await pipeline.FinishAsync(silo)).Trim());
    }

    /// <summary>Deals the messages to the partitions in turn, and says of each that is no click what becomes of it.</summary>
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
