namespace ClickOrleans.Deploy.Tests.Metrics;

internal enum InstrumentKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>
/// OpenTelemetry's names as Prometheus knows them: the rule is in deploy/README.md, its source is
/// https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#metric-metadata-1.
/// </summary>
internal static class PrometheusName
{
    public static IEnumerable<string> Of(string name, InstrumentKind kind, string? unit)
    {
        var family = name.Replace('.', '_') + Suffix(kind, unit);
        return kind switch
        {
            InstrumentKind.Counter => [$"{family}_total"],
            InstrumentKind.Histogram => [$"{family}_bucket", $"{family}_sum", $"{family}_count"],
            _ => [family],
        };
    }

    private static string Suffix(InstrumentKind kind, string? unit) => unit switch
    {
        "s" => "_seconds",
        "By" => "_bytes",
        "1" => kind == InstrumentKind.Gauge ? "_ratio" : "",
        null or ['{', .., '}'] => "",
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, "No rule for this unit."),
    };
}
