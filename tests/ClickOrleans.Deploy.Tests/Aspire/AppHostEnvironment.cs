using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Deploy.Tests.Aspire;

/// <summary>
/// The variables that Aspire 13.1 gives a project in a run: what the app host says itself, and what its methods add (WithReference,
/// AddOrleans, WithHttpEndpoint and WithOtlpExporter in microsoft/aspire at v13.1.3).
/// </summary>
internal static class AppHostEnvironment
{
    /// <summary>Those that all replicas share.</summary>
    public static Dictionary<string, string> Shared(SharedServers servers, string clusterId)
    {
        var environment = AppHost.Variables
            .Where(variable => variable.Name != "ClickOrleans__ApiKey")
            .ToDictionary(variable => variable.Name, variable => variable.Value);

        // WithReference: the connection string, and its parts as connection properties.
        environment["ConnectionStrings__kafka"] = servers.Kafka;
        environment["ConnectionStrings__clickstream"] = servers.Postgres;
        environment["ConnectionStrings__elasticsearch"] = servers.Elasticsearch;
        environment["KAFKA_HOST"] = servers.Kafka.Split(':')[0];
        environment["KAFKA_PORT"] = servers.Kafka.Split(':')[1];
        environment["CLICKSTREAM_HOST"] = "localhost";
        environment["CLICKSTREAM_DATABASENAME"] = "clickstream";
        environment["ELASTICSEARCH_HOST"] = new Uri(servers.Elasticsearch).Host;

        // AddOrleans.
        environment["Orleans__ClusterId"] = clusterId;
        environment["Orleans__ServiceId"] = "clickorleans";
        environment["Orleans__EnableDistributedTracing"] = "true";
        foreach (var section in new[] { "Clustering", "Reminders", "GrainStorage__Default" })
        {
            foreach (var (setting, value) in AppHost.Provider)
            {
                environment[$"Orleans__{section}__{setting}"] = value;
            }
        }

        // WithOtlpExporter, which every project has: here nobody answers, and no silo may mind.
        environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://localhost:{SiloProcess.FreePort()}";
        environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
        environment["OTEL_EXPORTER_OTLP_HEADERS"] = "x-otlp-api-key=0123456789abcdef";
        environment["OTEL_SERVICE_NAME"] = "silo";
        environment["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
        environment["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
        environment["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
        environment["OTEL_TRACES_SAMPLER"] = "always_on";
        environment["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        environment["OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EXCEPTION_LOG_ATTRIBUTES"] = "true";
        environment["OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EVENT_LOG_ATTRIBUTES"] = "true";
        environment["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        environment["OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION"] = "true";
        environment["OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION"] = "true";
        environment["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "true";
        environment["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
        environment["LOGGING__CONSOLE__FORMATTEROPTIONS__TIMESTAMPFORMAT"] = "yyyy-MM-ddTHH:mm:ss.fffffff ";
        return environment;
    }

    /// <summary>A replica's own: its ports, behind the proxy that has the endpoint's.</summary>
    public static Dictionary<string, string> OfReplica(IReadOnlyDictionary<string, string> shared, int port) => new(shared)
    {
        ["ASPNETCORE_URLS"] = $"http://localhost:{port}",
        ["Orleans__Endpoints__SiloPort"] = $"{SiloProcess.FreePort()}",
        ["Orleans__Endpoints__GatewayPort"] = $"{SiloProcess.FreePort()}",
        ["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={port}",
    };
}
