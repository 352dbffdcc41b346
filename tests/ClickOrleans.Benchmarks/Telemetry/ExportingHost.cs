using ClickOrleans.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Benchmarks.Telemetry;

/// <summary>A host with the silo's telemetry, exported every second and flushed on dispose.</summary>
internal static class ExportingHost
{
    public static IHost Start(string endpoint)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "1000",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
        });
        builder.AddServiceDefaults();
        var host = builder.Build();
        host.BeginTelemetry();
        return host;
    }
}
