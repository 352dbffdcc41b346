using ClickOrleans.Testing;
using Microsoft.Extensions.Time.Testing;

namespace ClickOrleans.Pipeline.Tests;

/// <summary>
/// Runs stages in virtual time, on the test's thread, with randomness from a seed: the same seed gives the same run.
/// </summary>
internal sealed class VirtualStages
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private readonly PumpedTaskScheduler _scheduler = new();

    public VirtualStages(int seed) => Context = new StageContext(Time, new Random(seed), _scheduler);

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public StageContext Context { get; }

    /// <summary>Starts work as a stage would be.</summary>
    public Task Start(Func<Task> work) => Context.RunAsync(work);

    /// <summary>Lets time pass, step by step, until the condition holds; fails after an hour of virtual time.</summary>
    public void RunUntil(Func<bool> condition)
    {
        var end = Time.GetUtcNow() + TimeSpan.FromHours(1);
        for (_scheduler.RunUntilIdle(); !condition(); _scheduler.RunUntilIdle())
        {
            Assert.True(Time.GetUtcNow() < end, "It did not happen within an hour of virtual time.");
            Time.Advance(Step);
        }
    }

    /// <summary>Lets a time pass.</summary>
    public void RunFor(TimeSpan duration)
    {
        var end = Time.GetUtcNow() + duration;
        RunUntil(() => Time.GetUtcNow() >= end);
    }
}
