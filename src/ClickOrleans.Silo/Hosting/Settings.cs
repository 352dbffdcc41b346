using ClickOrleans.Elasticsearch;
using ClickOrleans.FakeClicks;
using ClickOrleans.Kafka;
using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Pipeline.Control;
using ClickOrleans.Pipeline.Producing;
using ClickOrleans.Silo.Configuration;

namespace ClickOrleans.Silo.Hosting;

/// <summary>Everything the program is told by configuration, read and checked at once.</summary>
public sealed record Settings(
    SiloSettings Silo,
    ProducersOptions Producers,
    ConsumersOptions Consumers,
    ConsumingOptions Consuming,
    AggregationOptions Aggregation,
    GeneratorOptions Generator,
    KafkaOptions Kafka,
    ElasticsearchOptions Elasticsearch,
    ClusterSettings Cluster)
{
    /// <summary>Bootstrap servers; null = the embedded log.</summary>
    public string? KafkaConnection { get; private init; }

    /// <summary>PostgreSQL; null = the embedded store.</summary>
    public string? ClickstreamConnection { get; private init; }

    /// <summary>Elasticsearch; null = the embedded index.</summary>
    public string? ElasticsearchConnection { get; private init; }

    /// <summary>True where any adapter keeps its file under the data folder.</summary>
    public bool UsesDataFolder => KafkaConnection is null || ClickstreamConnection is null || ElasticsearchConnection is null;

    public DesiredState DesiredState => new(
        new ProducersState(Producers.Count, Producers.RatePerSecond), new ConsumersState(Consumers.Count), Aggregation.State);

    /// <exception cref="StartupException">Something is wrong; the message names every fault.</exception>
    public static Settings Read(IConfiguration configuration)
    {
        var reader = new SettingsReader(configuration);
        var settings = new Settings(
            reader.Read<SiloSettings>(SiloSettings.Section),
            reader.Read<ProducersOptions>(ProducersOptions.Section),
            reader.Read<ConsumersOptions>(ConsumersOptions.Section),
            reader.Read<ConsumingOptions>(ConsumingOptions.Section),
            reader.Read<AggregationOptions>(AggregationOptions.Section),
            reader.Read<GeneratorOptions>(GeneratorOptions.Section),
            reader.Read<KafkaOptions>(KafkaOptions.Section, new KafkaOptionsValidator()),
            reader.Read<ElasticsearchOptions>(ElasticsearchOptions.Section, new ElasticsearchOptionsValidator()),
            reader.Read<ClusterSettings>(ClusterSettings.Section))
        {
            KafkaConnection = Connection("kafka"),
            ClickstreamConnection = Connection("clickstream"),
            ElasticsearchConnection = Connection("elasticsearch"),
        };
        reader.ThrowIfFaulty(SiloSettings.Section);
        return settings;

        string? Connection(string name) => configuration.GetConnectionString(name) is { Length: > 0 } text ? text : null;
    }
}
