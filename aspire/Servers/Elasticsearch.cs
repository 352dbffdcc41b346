using ClickOrleans.Deploy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClickOrleans.AppHost.Servers;

/// <summary>Elasticsearch as a container: one node with a password, without TLS, reached from this machine only.</summary>
internal static class Elasticsearch
{
    public static IResourceBuilder<ElasticsearchResource> AddElasticsearch(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> password, string volume)
    {
        var elasticsearch = new ElasticsearchResource(name, password.Resource);
        var healthCheck = $"{name}-cluster-health";
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            healthCheck,
            _ => new ElasticsearchHealthCheck(elasticsearch.ConnectionStringExpression.GetValueAsync),
            failureStatus: null,
            tags: null));
        return builder.AddResource(elasticsearch)
            .WithImage(ServerImages.Elasticsearch)
            .WithHttpEndpoint(targetPort: 9200, name: ElasticsearchResource.HttpEndpoint)
            .WithVolume(volume, "/usr/share/elasticsearch/data")
            .WithEnvironment("discovery.type", "single-node")
            .WithEnvironment("xpack.security.enabled", "true")
            .WithEnvironment("ELASTIC_PASSWORD", password)
            .WithEnvironment("ES_JAVA_OPTS", "-Xms1g -Xmx1g")
            .WithHealthCheck(healthCheck);
    }
}
