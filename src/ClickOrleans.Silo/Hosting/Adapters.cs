using ClickOrleans.Elasticsearch;
using ClickOrleans.Kafka;
using ClickOrleans.Postgres;
using ClickOrleans.Sqlite.Index;
using ClickOrleans.Sqlite.Log;
using ClickOrleans.Sqlite.Store;

namespace ClickOrleans.Silo.Hosting;

/// <summary>Chooses each port's adapter by the connection string that is there; without one, the embedded adapter.</summary>
internal static class Adapters
{
    public static IServiceCollection AddClickLog(this IServiceCollection services, Settings settings, IConfiguration configuration) =>
        settings.KafkaConnection is { } kafka
            ? services.AddKafkaLog(kafka, configuration)
            : services.AddSqliteLog(settings.Silo.Data, settings.Silo.Partitions, settings.Kafka.Topic);

    public static IServiceCollection AddClickStore(this IServiceCollection services, Settings settings) =>
        settings.ClickstreamConnection is { } postgres
            ? services.AddPostgresStore(postgres)
            : services.AddSqliteStore(settings.Silo.Data);

    public static IServiceCollection AddClickIndex(this IServiceCollection services, Settings settings, IConfiguration configuration) =>
        settings.ElasticsearchConnection is { } elasticsearch
            ? services.AddElasticsearchIndex(elasticsearch, configuration)
            : services.AddSqliteIndex(settings.Silo.Data);
}
