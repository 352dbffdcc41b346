using ClickOrleans.Pipeline;

namespace ClickOrleans.Testing;

/// <summary>What stages are given in tests that need no say in it.</summary>
public static class StageContexts
{
    /// <summary>The system's clock, randomness and thread pool.</summary>
    public static StageContext System { get; } = At(TimeProvider.System);

    /// <summary>The same on another clock.</summary>
    public static StageContext At(TimeProvider time) => new(time, Random.Shared, TaskScheduler.Default);
}
