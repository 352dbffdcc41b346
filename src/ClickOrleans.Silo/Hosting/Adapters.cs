using ClickOrleans.Elasticsearch;
using ClickOrleans.Kafka;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Postgres;
using ClickOrleans.Sqlite;

namespace ClickOrleans.Silo.Hosting;

/// <summary>Chooses each port's adapter by the connection string that is there; without one, the embedded adapter.</summary>
internal static class Adapters
{
    public static IClickOrleansBuilder UseConfiguredAdapters(this IClickOrleansBuilder builder, IConfiguration configuration)
    {
        _ = Has("kafka") ? builder.UseKafkaLog() : builder.UseSqliteLog(topic: Topic(configuration));
        _ = Has("clickstream") ? builder.UsePostgresStore() : builder.UseSqliteStore();
        _ = Has("elasticsearch") ? builder.UseElasticsearchIndex() : builder.UseSqliteIndex();
        return builder;

        bool Has(string name) => configuration.GetConnection(name) is not null;
    }

    /// <summary>
    /// What the adapters can do besides, whichever are configured: the program's commands do not depend on that.
    /// </summary>
    public static IEnumerable<MaintenanceOperation> MaintenanceOperations => new ServiceCollection()
        .AddClickOrleans(clicks => clicks
            .UseKafkaLog().UsePostgresStore().UseElasticsearchIndex()
            .UseSqliteLog().UseSqliteStore().UseSqliteIndex())
        .Select(service => service.ImplementationInstance)
        .OfType<MaintenanceOperation>();

    /// <summary>The embedded log goes by the same name as the topic in Kafka would.</summary>
    private static string Topic(IConfiguration configuration) =>
        configuration[$"{KafkaOptions.Section}:{nameof(KafkaOptions.Topic)}"]?.Trim() ?? KafkaOptions.DefaultTopic;
}
