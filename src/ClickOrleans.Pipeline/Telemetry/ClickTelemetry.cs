using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ClickOrleans.Pipeline.Telemetry;

/// <summary>The one source of spans and the one meter of the pipeline, whichever stage or adapter uses them.</summary>
/// <remarks>
/// Nothing of OpenTelemetry is needed to use them, and nothing is spent while nobody listens. What there is, with units and
/// meaning, is listed in src/ClickOrleans.ServiceDefaults/README.md.
/// </remarks>
public static class ClickTelemetry
{
    public const string Name = "ClickOrleans";

    public static ActivitySource Source { get; } = new(Name);

    public static Meter Meter { get; } = new(Name);

    /// <summary>Whether anybody takes spans: what is gathered for spans alone is gathered only then.</summary>
    public static bool IsTraced => Source.HasListeners();
}
