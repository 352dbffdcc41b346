using System.Text.RegularExpressions;
using ClickOrleans.Silo.Configuration;
using Microsoft.Extensions.Configuration;

namespace ClickOrleans.Deploy.Tests;

/// <summary>
/// Judges what a silo is told by its environment: the program's own settings by the reader that it starts with, everything else
/// by the
/// names that somebody in the process reads.
/// </summary>
internal static partial class SiloEnvironment
{
    private static readonly string[] Connections = ["kafka", "clickstream", "elasticsearch"];

    private static readonly string[] Providers = ["Clustering", "Reminders", "GrainStorage__Default"];

    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        // Orleans: what its silo reads of the section (DefaultSiloServices, and the ADO.NET providers' builders).
        "Orleans__Name",
        "Orleans__ClusterId",
        "Orleans__ServiceId",
        "Orleans__EnableDistributedTracing",
        "Orleans__Endpoints__SiloPort",
        "Orleans__Endpoints__GatewayPort",
        "Orleans__Endpoints__AdvertisedIPAddress",
        "Orleans__Endpoints__SiloListeningEndpoint",
        "Orleans__Endpoints__GatewayListeningEndpoint",

        // Orleans' Kubernetes hosting (KubernetesHostingOptions).
        "POD_NAME",
        "POD_NAMESPACE",
        "POD_IP",
        "ORLEANS_SERVICE_ID",
        "ORLEANS_CLUSTER_ID",

        // Elasticsearch's credentials (ElasticsearchEndpoint).
        "ELASTIC_USERNAME",
        "ELASTIC_PASSWORD",
        "ELASTIC_API_KEY",

        // Where a platform binds the silo (PlatformAddress).
        "ASPNETCORE_URLS",
        "ASPNETCORE_HTTP_PORTS",
        "HTTP_PORTS",

        // OpenTelemetry (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/).
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_PROTOCOL",
        "OTEL_EXPORTER_OTLP_HEADERS",
        "OTEL_SERVICE_NAME",
        "OTEL_RESOURCE_ATTRIBUTES",
        "OTEL_TRACES_SAMPLER",
        "OTEL_TRACES_SAMPLER_ARG",
        "OTEL_BSP_SCHEDULE_DELAY",
        "OTEL_BLRP_SCHEDULE_DELAY",
        "OTEL_METRIC_EXPORT_INTERVAL",
        "OTEL_METRICS_EXEMPLAR_FILTER",
    };

    /// <summary>Every fault in words; none where the silo would start with these variables.</summary>
    public static IReadOnlyList<string> Faults(IReadOnlyDictionary<string, string> variables)
    {
        var faults = variables.Keys.Where(name => !IsKnown(name)).Select(name => $"{name} is known to nobody").ToList();
        faults.AddRange(SiloConfiguration.Check(new ConfigurationBuilder()
            .AddInMemoryCollection(variables.Select(pair =>
                KeyValuePair.Create(pair.Key.Replace("__", ":", StringComparison.Ordinal), (string?)Interpolated(pair.Value))))
            .Build()));
        return faults;
    }

    private static bool IsKnown(string name) =>
        Names.Contains(name)
        || name.StartsWith("ClickOrleans__", StringComparison.Ordinal)
        || Connections.Any(connection => name == $"ConnectionStrings__{connection}")
        || Providers.Any(provider => name.StartsWith($"Orleans__{provider}__", StringComparison.Ordinal)
            && name[$"Orleans__{provider}__".Length..]
                is "ProviderType" or "Invariant" or "ConnectionString" or "ConnectionName");

    /// <summary>What stands for a secret becomes one.</summary>
    private static string Interpolated(string value) => Variable().Replace(value, "secret");

    [GeneratedRegex(@"\$\{[^}]*\}|\$\([^)]*\)")]
    private static partial Regex Variable();
}
