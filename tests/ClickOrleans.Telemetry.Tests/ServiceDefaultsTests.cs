using ClickOrleans.Pipeline.Telemetry;
using ClickOrleans.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ClickOrleans.Telemetry.Tests;

public sealed class ServiceDefaultsTests
{
    [Fact]
    public void Without_an_endpoint_no_telemetry_is_registered()
    {
        using var host = Build(null);
        host.BeginTelemetry();

        Assert.Null(host.Services.GetService<TracerProvider>());
        Assert.Null(host.Services.GetService<MeterProvider>());
        Assert.DoesNotContain(host.Services.GetServices<ILoggerProvider>(), provider => provider is OpenTelemetryLoggerProvider);
        Assert.Null(ClickSpans.StartIndex("sqlite", 1));
        Assert.False(ClickMetrics.Produced.Enabled);
    }

    [Fact]
    public void With_an_endpoint_spans_metrics_and_logs_are_recorded_until_the_host_is_disposed()
    {
        using (var host = Build("http://127.0.0.1:9"))
        {
            host.BeginTelemetry();

            Assert.Contains(host.Services.GetServices<ILoggerProvider>(), provider => provider is OpenTelemetryLoggerProvider);
            using var span = ClickSpans.StartPublish("kafka", "clicks", 1);
            Assert.NotNull(TraceContext.ParentOf(span));
            Assert.True(ClickMetrics.Produced.Enabled);
        }

        Assert.Null(ClickSpans.StartPublish("kafka", "clicks", 1));
    }

    private static IHost Build(string? endpoint)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        });
        builder.AddServiceDefaults();
        return builder.Build();
    }
}
