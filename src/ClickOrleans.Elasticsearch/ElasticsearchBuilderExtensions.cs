using ClickOrleans.Elasticsearch.Connection;
using ClickOrleans.Elasticsearch.Indices;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Elasticsearch;

public static class ElasticsearchBuilderExtensions
{
    private const string ConnectionName = "elasticsearch";

    /// <summary>
    /// Keeps the click index in Elasticsearch. Options come from the section <see cref="ElasticsearchOptions.Section"/>,
    /// credentials that are not in the connection string from <c>ELASTIC_API_KEY</c>, or <c>ELASTIC_USERNAME</c> and
    /// <c>ELASTIC_PASSWORD</c>.
    /// </summary>
    /// <param name="connectionString">
    /// <c>https://user:password@host:9200</c> or <c>Endpoint=https://host:9200;Username=...</c>; several nodes are separated by
    /// commas: <c>https://user:password@one:9200,https://two:9200</c>. Default: the connection string <c>elasticsearch</c>.
    /// </param>
    public static IClickOrleansBuilder UseElasticsearchIndex(
        this IClickOrleansBuilder builder, string? connectionString = null, Action<ElasticsearchOptions>? configure = null)
    {
        builder.AddOptions(ElasticsearchOptions.Section, configure);
        var services = builder.Services;
        services.AddSingleton<IOutageClassifier, ElasticsearchOutages>();
        services.AddSingleton(RebuildOperation);
        services.AddSingleton<IValidateOptions<ElasticsearchOptions>>(provider => new EndpointValidator(
            () => ConnectionString(provider), provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton(provider => new ElasticsearchConnection(
            ConnectionString(provider),
            provider.GetRequiredService<IConfiguration>(),
            provider.GetRequiredService<IOptions<ElasticsearchOptions>>().Value,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ElasticsearchIndex(
            provider.GetRequiredService<ElasticsearchConnection>(),
            provider.GetRequiredService<IOptions<ElasticsearchOptions>>().Value,
            provider.GetRequiredService<ILogger<ElasticsearchIndex>>()));
        services.AddSingleton<IClickIndex>(provider => provider.GetRequiredService<ElasticsearchIndex>());
        services.AddSingleton(provider => new ElasticsearchRebuild(
            provider.GetRequiredService<ElasticsearchConnection>(),
            provider.GetRequiredService<IOptions<ElasticsearchOptions>>().Value,
            provider.GetRequiredService<IRollupStore>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ElasticsearchRebuild>>()));
        return builder;

        string ConnectionString(IServiceProvider provider) =>
            connectionString?.Trim() ?? provider.GetRequiredService<IConfiguration>().GetRequiredConnection(ConnectionName);
    }

    private static MaintenanceOperation RebuildOperation => new(
        "index",
        "rebuild",
        "Build a new Elasticsearch index from the rollups and swap it in; searching goes on throughout.",
        $"an Elasticsearch index (ConnectionStrings:{ConnectionName})",
        async (provider, cancellationToken) =>
        {
            var result = await provider.GetRequiredService<ElasticsearchRebuild>().RunAsync(null, cancellationToken);
            return $"{result.New} has replaced {result.Old}: {result.Documents:N0} documents, {result.Rejected:N0} rejected.";
        });
}
