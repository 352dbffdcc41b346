using System.Diagnostics;
using ClickOrleans.Testing.Silos;
using Xunit;

namespace ClickOrleans.Testing.Pipelines;

/// <summary>
/// An outage under load. Afterwards the same process must catch up by itself, without a dead letter, and no click may be lost or
/// duplicated.
/// </summary>
public static class OutageDrill
{
    /// <param name="duration">Minimum duration; the outage lasts until the silo has logged an error, if requests fail.</param>
    public static async Task RunAsync(ServerPipeline pipeline, Outage outage, TimeSpan duration, Action<string> log)
    {
        await using var silo = await pipeline.RunAsync("--rate", "3000", "--producers", "2");
        await silo.WaitForStoredAsync(5_000);
        Assert.False(silo.HasLogged(LogEvents.PartitionUnavailable), silo.Output);

        await outage.BeginAsync(pipeline);
        var begun = Stopwatch.GetTimestamp();
        await Poll.UntilAsync(
            () =>
            {
                Assert.False(silo.HasExited, silo.Output);
                return Stopwatch.GetElapsedTime(begun) > duration
                    && (!outage.CausesErrors || silo.HasLogged(LogEvents.PartitionUnavailable));
            },
            () => silo.Output,
            duration + Poll.DefaultTimeout);

        using (var live = await silo.Http.GetAsync("/health/live"))
        {
            Assert.True(live.IsSuccessStatusCode);
        }

        await outage.EndAsync(pipeline);
        var ended = Stopwatch.GetTimestamp();
        await silo.WaitForMoreAsync(pipeline, 1);
        var recovery = Stopwatch.GetElapsedTime(ended);
        await silo.WaitForMoreAsync(pipeline, 5_000);
        Assert.Equal(0, await pipeline.Database.CountDeadLettersAsync());
        var verified = await pipeline.FinishAsync(silo);
        Assert.Equal(0, await pipeline.Database.CountDeadLettersAsync());
        var outageSeconds = Stopwatch.GetElapsedTime(begun, ended).TotalSeconds;
        log($"{outage.Name}: unavailable for {outageSeconds:0.0} s, first commit {recovery.TotalSeconds:0.0} s after recovery");
        log(verified.Trim());
    }
}
