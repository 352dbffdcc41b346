using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using ClickOrleans.Pipeline.Telemetry;

namespace ClickOrleans.Deploy.Tests.Metrics;

/// <summary>The instruments of the pipeline's meter, by the names that Prometheus gives them.</summary>
internal static class Instruments
{
    /// <summary>Every series that there can be.</summary>
    public static IReadOnlyCollection<string> PrometheusNames { get; } = [.. Published().SelectMany(
        instrument => PrometheusName.Of(instrument.Name, instrument.Kind, instrument.Unit))];

    private static List<(string Name, InstrumentKind Kind, string? Unit)> Published()
    {
        List<(string Name, InstrumentKind Kind, string? Unit)> found = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == ClickTelemetry.Name)
            {
                found.Add((instrument.Name, KindOf(instrument), instrument.Unit));
            }
        };
        listener.Start();

        // Instruments are made with the classes that hold them.
        foreach (var type in typeof(ClickTelemetry).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(ClickTelemetry).Namespace && !type.ContainsGenericParameters))
        {
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }

        return found;
    }

    private static InstrumentKind KindOf(Instrument instrument) => instrument.GetType().Name switch
    {
        "Counter`1" or "ObservableCounter`1" => InstrumentKind.Counter,
        "Histogram`1" => InstrumentKind.Histogram,
        _ => InstrumentKind.Gauge,
    };
}
