using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ClickOrleans.ServiceDefaults;

/// <summary>
/// Exports traces, metrics and logs by OTLP; registers nothing unless <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.
/// </summary>
public static class TelemetryExtensions
{
    public const string ServiceName = "clickorleans";

    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Orleans = "Microsoft.Orleans";

    /// <summary>Grain calls, activations and grain storage. The source of Orleans' runtime is too verbose.</summary>
    private static readonly string[] OrleansSources = [$"{Orleans}.Application", $"{Orleans}.Lifecycle", $"{Orleans}.Storage"];

    public static bool ExportsTelemetry(this IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration[Endpoint]);

    /// <summary>Starts the exporters of a host that is not run; disposing the host flushes them.</summary>
    public static void BeginTelemetry(this IHost host)
    {
        host.Services.GetService<ExportFailures>();
        host.Services.GetService<TracerProvider>();
        host.Services.GetService<MeterProvider>();
    }

    /// <summary>Has the exporter's variables checked at start, where telemetry is exported.</summary>
    public static IServiceCollection AddTelemetryChecks(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration.ExportsTelemetry())
        {
            services.AddStartupCheck(_ => TelemetrySettings.Check(configuration).Select(error => error.Message));
        }

        return services;
    }

    internal static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        if (!builder.Configuration.ExportsTelemetry())
        {
            return;
        }

        builder.Services.AddTelemetryChecks(builder.Configuration);
        if (TelemetrySettings.Check(builder.Configuration).Any())
        {
            // The start ends with what is wrong, and not in an exporter.
            return;
        }

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ExportFailures>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ExportFailures>());
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService(ServiceName, serviceInstanceId: InstanceId(builder.Configuration))

                // Added again, last, so that OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES take precedence.
                .AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics
                .AddMeter(ClickTelemetry.Name, Orleans, "Npgsql")
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation())
            .WithTracing(tracing => tracing
                .SetSampler(new ClientRootSampler(ConfiguredSampler.Read(builder.Configuration)))
                .AddSource([ClickTelemetry.Name, .. OrleansSources])
                .AddNpgsql()
                .AddAspNetCoreInstrumentation(web => web.Filter = context => !IsHealth(context.Request.Path))
                .AddHttpClientInstrumentation())
            .UseOtlpExporter();
    }

    /// <summary>The silo's name as in the status, if it is configured.</summary>
    private static string InstanceId(IConfiguration configuration) =>
        configuration["Orleans:Name"] is { Length: > 0 } name ? name : Guid.NewGuid().ToString();

    private static bool IsHealth(PathString path) =>
        path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase)
        || path.StartsWithSegments("/alive", StringComparison.OrdinalIgnoreCase);
}
