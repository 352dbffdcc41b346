using ClickOrleans.Testing.Silos;
using Xunit;

namespace ClickOrleans.Testing.Pipelines;

/// <summary>
/// The log goes back behind what was stored, and is filled again beyond it: no click is skipped silently
/// (<see cref="StoppedPartitions"/>).
/// </summary>
public static class LogBackDrill
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    private static readonly string[] Load = ["--producers", "2", "--rate", "4000"];

    /// <summary>The broker's data folder is set back to a copy of earlier.</summary>
    /// <param name="siloUp">Whether the silo runs meanwhile, and produces; otherwise the log is filled before it starts.</param>
    public static async Task RunRestoredBrokerAsync(ServerPipeline pipeline, bool siloUp, Action<string> tell)
    {
        var kafka = pipeline.Kafka;
        Assert.SkipWhen(kafka.Folder.Length == 0, "The data folder of a container cannot be set back.");
        var program = ProgramPipeline.Of(pipeline);
        await using var silo = await pipeline.RunAsync(Load);
        await silo.WaitForStoredAsync(4_000);
        await kafka.StopAsync();
        Folders.Copy(Data(kafka.Folder), Backup(kafka.Folder));
        await kafka.StartAsync();
        await silo.WaitForMoreAsync(pipeline, 4_000);
        tell("backed up, and stored more");

        if (!siloUp)
        {
            Assert.Equal(0, await silo.InterruptAsync(StopTimeout));
        }

        await kafka.KillAsync();
        Directory.Delete(Data(kafka.Folder), recursive: true);
        Directory.Move(Backup(kafka.Folder), Data(kafka.Folder));
        await kafka.StartAsync();
        tell("set back");
        if (siloUp)
        {
            await StoppedPartitions.WaitAsync(silo);
            await silo.KillAsync();
        }
        else
        {
            await FillAsync(program);
        }

        await StoppedPartitions.DecideAsync(program, tell);
    }

    /// <summary>
    /// The last broker that has everything goes away, and one that has missed something becomes the leader: an unclean election.
    /// </summary>
    public static async Task RunUncleanElectionAsync(ServerPipeline pipeline, Action<string> tell)
    {
        await using var silo = await pipeline.RunAsync(Load);
        await silo.WaitForStoredAsync(4_000);
        await pipeline.Topic.SetAsync("unclean.leader.election.enable", "true");
        await pipeline.Kafka.KillBrokerAsync(2);
        await pipeline.Kafka.KillBrokerAsync(3);
        await WaitForLeaderAsync(pipeline, 1);
        await silo.WaitForMoreAsync(pipeline, 8_000);
        tell("only broker 1 has everything");
        await pipeline.Kafka.KillBrokerAsync(1);
        await pipeline.Kafka.StartBrokerAsync(2);
        await pipeline.Kafka.StartBrokerAsync(3);
        tell("brokers 2 and 3 are back, without broker 1");

        await StoppedPartitions.WaitAsync(silo);
        await silo.KillAsync();
        await pipeline.Kafka.StartBrokerAsync(1);
        await StoppedPartitions.DecideAsync(ProgramPipeline.Of(pipeline), tell);
    }

    /// <summary>The file of the embedded log is replaced by a copy of earlier.</summary>
    public static async Task RunRestoredFileAsync(string folder, Action<string> tell)
    {
        var program = ProgramPipeline.In(folder);
        await StoreAsync(program, 2_000);
        var backup = Path.Combine(folder, "backup");
        Directory.CreateDirectory(backup);
        Folders.CopyFiles(folder, "log.db*", backup);
        await StoreAsync(program, 4_000);
        foreach (var file in Directory.GetFiles(folder, "log.db*"))
        {
            File.Delete(file);
        }

        Folders.CopyFiles(backup, "log.db*", folder);
        await FillAsync(program);
        tell("copied back and filled again");
        await StoppedPartitions.DecideAsync(program, tell);
    }

    private static async Task StoreAsync(ProgramPipeline program, long clicks)
    {
        await using var silo = await program.RunAsync(Load);
        var before = (await silo.StatusAsync()).Total("stored");
        await silo.WaitForStoredAsync(before + clicks);
        Assert.Equal(0, await silo.InterruptAsync(StopTimeout));
    }

    private static async Task FillAsync(ProgramPipeline program)
    {
        var (exitCode, output) = await program.CommandAsync(["produce", "--count", "60000"]);
        Assert.True(exitCode == 0, output);
    }

    private static Task WaitForLeaderAsync(ServerPipeline pipeline, int broker) => Poll.UntilAsync(
        () => Task.FromResult(pipeline.Topic.GetLeaders().All(at => at == (broker, 1))),
        () => $"Broker {broker} is not the only one that is in sync.");

    private static string Data(string folder) => Path.Combine(folder, "data");

    private static string Backup(string folder) => Path.Combine(folder, "backup");
}
