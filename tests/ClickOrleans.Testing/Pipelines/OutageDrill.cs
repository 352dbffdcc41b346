using System.Diagnostics;
using ClickOrleans.Testing.Silos;
using Xunit;

namespace ClickOrleans.Testing.Pipelines;

/// <summary>
/// An outage under load. Afterwards the same process has caught up by itself, without one dead letter, and nothing is lost or
/// doubled.
/// </summary>
public static class OutageDrill
{
    private const string Noticed = "trying again in";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    /// <param name="duration">How long the server is out at least; until the silo has noticed it, where it can.</param>
    public static async Task RunAsync(ServerPipeline pipeline, Outage outage, TimeSpan duration, Action<string> tell)
    {
        await using var silo = await pipeline.RunAsync("--rate", "3000", "--producers", "2");
        await silo.WaitForStoredAsync(5_000);
        Assert.DoesNotContain(Noticed, silo.Output, StringComparison.Ordinal);

        await outage.BeginAsync(pipeline);
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < duration || (outage.IsNoticed && !silo.Output.Contains(Noticed, StringComparison.Ordinal)))
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < duration + PipelineTestExtensions.Timeout, $"Not noticed:{Environment.NewLine}{silo.Output}");
            Assert.False(silo.HasExited, silo.Output);
            await Task.Delay(Look);
        }

        using (var live = await silo.Http.GetAsync("/health/live"))
        {
            Assert.True(live.IsSuccessStatusCode);
        }

        await outage.EndAsync(pipeline);
        var ended = Stopwatch.GetTimestamp();
        await silo.WaitForMoreAsync(pipeline, 1);
        var stores = Stopwatch.GetElapsedTime(ended);
        await silo.WaitForMoreAsync(pipeline, 5_000);
        Assert.Equal(0, await pipeline.Database.CountDeadLettersAsync());
        var verified = await pipeline.FinishAsync(silo);
        Assert.Equal(0, await pipeline.Database.CountDeadLettersAsync());
        tell($"{outage.Name}: out for {Stopwatch.GetElapsedTime(begun, ended).TotalSeconds:0.0} s, stores again {stores.TotalSeconds:0.0} s after it is back");
        tell(verified.Trim());
    }
}
