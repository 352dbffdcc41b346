using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Silo.Tests;

/// <summary>The process is killed at random moments under load and started again: nothing is lost, nothing doubled.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Kills = 20;

    [Fact]
    public async Task Twenty_kills_at_random_moments_lose_and_double_nothing()
    {
        using var data = new TemporaryFolder();
        var seed = Environment.TickCount;
        var random = new Random(seed);
        output.WriteLine($"seed {seed}");
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var silo = SiloProcess.Start(["--rate", "5000", "--producers", "2", "--data", data.Path]);

            // Every third dies while it starts, the others under load.
            if (kill % 3 > 0)
            {
                await silo.WaitUntilReadyAsync();
            }

            await Task.Delay(random.Next(0, 1500));
            Assert.False(silo.HasExited, silo.Output);
            await silo.KillAsync();
        }

        await using (var last = await SiloProcess.RunAsync(["--producers", "0", "--data", data.Path]))
        {
            var status = await last.WaitForStatusAsync(
                status => status.GetProperty("totals") is var totals
                    && totals.GetProperty("lag").GetInt64() == 0
                    && totals.GetProperty("stored").GetInt64() > 0
                    && totals.GetProperty("folded").GetInt64() == totals.GetProperty("stored").GetInt64()
                    && totals.GetProperty("indexed").GetInt64() == totals.GetProperty("rollups").GetInt64(),
                TimeSpan.FromSeconds(60));
            output.WriteLine(status.GetProperty("totals").ToString());
            Assert.Equal(0, await last.InterruptAsync(TimeSpan.FromSeconds(10)));
        }

        var (exitCode, verified) = await SiloProcess.CommandAsync(["verify", "--sample", "0", "--data", data.Path]);
        output.WriteLine(verified);
        Assert.True(exitCode == 0, verified);
        Assert.Equal(
            Database.Ask<long>(data.File("log.db"), "select count(*) from messages"),
            Database.Ask<long>(data.File("store.db"), "select count(*) from clickstream_data"));
    }
}
