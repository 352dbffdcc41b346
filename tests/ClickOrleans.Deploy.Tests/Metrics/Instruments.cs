using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Deploy.Tests.Metrics;

/// <summary>The instruments of the pipeline's meter, by the names that Prometheus gives them.</summary>
internal static class Instruments
{
    private const string Meter = "ClickOrleans";
    private const string Namespace = "ClickOrleans.Pipeline.Telemetry";

    /// <summary>What there is to be, where the pipeline has no instruments.</summary>
    private static readonly List<(string Name, InstrumentKind Kind, string? Unit)> Agreed =
    [
        ("clickstream.clicks.produced", InstrumentKind.Counter, "{click}"),
        ("clickstream.clicks.stored", InstrumentKind.Counter, "{click}"),
        ("clickstream.dead_letters", InstrumentKind.Counter, "{message}"),
        ("clickstream.lag", InstrumentKind.Gauge, "{message}"),
        ("clickstream.oldest_unprocessed.age", InstrumentKind.Gauge, "s"),
        ("clickstream.fence.refusals", InstrumentKind.Counter, "{commit}"),
        ("clickstream.batch.size", InstrumentKind.Histogram, "{message}"),
        ("clickstream.batch.duration", InstrumentKind.Histogram, "s"),
        ("clickstream.fold.duration", InstrumentKind.Histogram, "s"),
        ("clickstream.fold.clicks", InstrumentKind.Counter, "{click}"),
        ("clickstream.index.duration", InstrumentKind.Histogram, "s"),
        ("clickstream.index.documents", InstrumentKind.Counter, "{document}"),
        ("clickstream.reminder.lateness", InstrumentKind.Histogram, "s"),
        ("clickstream.outage", InstrumentKind.Gauge, "1"),
    ];

    /// <summary>Every series that there can be.</summary>
    public static IReadOnlyCollection<string> PrometheusNames { get; } = [.. (Published() is { Count: > 0 } found ? found : Agreed)
        .SelectMany(instrument => PrometheusName.Of(instrument.Name, instrument.Kind, instrument.Unit))];

    private static List<(string Name, InstrumentKind Kind, string? Unit)> Published()
    {
        List<(string Name, InstrumentKind Kind, string? Unit)> found = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == Meter)
            {
                found.Add((instrument.Name, KindOf(instrument), instrument.Unit));
            }
        };
        listener.Start();

        // Instruments are made with the classes that hold them.
        foreach (var type in typeof(LogIdentity).Assembly.GetTypes().Where(type => type.Namespace == Namespace && !type.ContainsGenericParameters))
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
