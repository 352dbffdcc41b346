using System.Diagnostics.Metrics;

namespace ClickOrleans.Pipeline.Telemetry;

/// <summary>Which dependencies are out, as this process last found them: the gauge <c>clickstream.outage</c>.</summary>
public static class Outages
{
    private static readonly bool?[] Out = new bool?[Enum.GetValues<Dependency>().Length];
    private static readonly Lock Gate = new();

    static Outages() => ClickTelemetry.Meter.CreateObservableGauge(
        "clickstream.outage", Observe, "1", "Whether a dependency (log, store, index) is unavailable: 1, or available: 0");

    /// <summary>Says whether it answered just now.</summary>
    public static void Found(Dependency dependency, bool isOut)
    {
        lock (Gate)
        {
            Out[(int)dependency] = isOut;
        }
    }

    private static List<Measurement<int>> Observe()
    {
        lock (Gate)
        {
            // Nothing is said of what was never asked.
            return [.. Enum.GetValues<Dependency>()
                .Where(dependency => Out[(int)dependency] is not null)
                .Select(dependency => new Measurement<int>(
                    Out[(int)dependency] == true ? 1 : 0,
                    ClickMetrics.Tag("dependency", dependency.ToString().ToLowerInvariant())))];
        }
    }
}
