using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using ClickOrleans.Pipeline.Telemetry;

namespace ClickOrleans.Telemetry.Tests;

/// <summary>The documentation lists exactly the existing metrics and spans.</summary>
public sealed class TelemetryTableTests
{
    [Fact]
    public void The_metrics_table_lists_every_instrument_with_type_unit_and_description()
    {
        var instruments = new List<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == ClickTelemetry.Name)
                {
                    instruments.Add(instrument);
                }
            },
        };
        foreach (var type in new[] { typeof(ClickMetrics), typeof(Outages), typeof(PartitionLags) })
        {
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }

        listener.Start();

        var actual = instruments.Select(instrument => (instrument.Name, Type: Type(instrument), instrument.Unit));
        var documented = TelemetryTable.Metrics.Select(row => (row.Name, row.Type, Unit: (string?)row.Unit));
        Assert.Equal(
            documented.OrderBy(row => row.Name, StringComparer.Ordinal),
            actual.OrderBy(row => row.Name, StringComparer.Ordinal));
        Assert.All(instruments, instrument => Assert.Equal(TelemetryTable.Meanings[instrument.Name], instrument.Description));
    }

    [Fact]
    public void The_spans_table_lists_every_span_with_its_kind()
    {
        var spans = new List<(string, string)>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ClickTelemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = span => spans.Add((span.OperationName, span.Kind.ToString().ToLowerInvariant())),
        };
        ActivitySource.AddActivityListener(listener);

        ClickSpans.StartPublish("kafka", "clicks", 1)!.Dispose();
        ClickSpans.StartProcess("kafka", "clicks", 0, 1, new TraceOrigins(), DateTimeOffset.UnixEpoch)!.Dispose();
        ClickSpans.StartFold(new TraceOrigins())!.Dispose();
        ClickSpans.StartIndex("sqlite", 1)!.Dispose();

        Assert.Equal(spans, TelemetryTable.Spans);
    }

    private static string Type(Instrument instrument) => instrument switch
    {
        Counter<long> => "counter",
        Histogram<long> or Histogram<double> => "histogram",
        _ => instrument.IsObservable ? "gauge" : instrument.GetType().Name,
    };
}
