using ClickOrleans.Elasticsearch.Connection;
using ClickOrleans.Elasticsearch.Indices;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Elasticsearch;

public static class ElasticsearchIndexExtensions
{
    /// <summary>
    /// Registers Elasticsearch as the click index: <see cref="IClickIndex"/>, the same as <see cref="ElasticsearchIndex"/>, and
    /// <see cref="ElasticsearchRebuild"/>. Options come from the section <c>ClickOrleans:Elasticsearch</c>, credentials that
    /// are not in the connection string from <c>ELASTIC_API_KEY</c>, or <c>ELASTIC_USERNAME</c> and <c>ELASTIC_PASSWORD</c>.
    /// </summary>
    /// <param name="connectionString">
    /// <c>https://user:password@host:9200</c> or <c>Endpoint=https://host:9200;Username=...</c>; several nodes are separated by
    /// commas: <c>https://user:password@one:9200,https://two:9200</c>.
    /// </param>
    public static IServiceCollection AddElasticsearchIndex(
        this IServiceCollection services, string connectionString, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<ElasticsearchOptions>, ElasticsearchOptionsValidator>();
        services.AddOptions<ElasticsearchOptions>()
            .Bind(configuration.GetSection(ElasticsearchOptions.Section))
            .ValidateOnStart();
        services.AddSingleton(provider => new ElasticsearchConnection(
            connectionString,
            configuration,
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
        return services;
    }
}
