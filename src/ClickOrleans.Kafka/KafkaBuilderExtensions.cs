using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Log;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Kafka;

public static class KafkaBuilderExtensions
{
    private const string ConnectionName = "kafka";

    /// <summary>Keeps the click log in a Kafka topic; options are the section <see cref="KafkaOptions.Section"/>.</summary>
    /// <param name="bootstrapServers">
    /// <c>host:port</c>, several with commas. Where it is left out, the connection string <c>kafka</c>.
    /// </param>
    public static IClickOrleansBuilder UseKafkaLog(
        this IClickOrleansBuilder builder, string? bootstrapServers = null, Action<KafkaOptions>? configure = null)
    {
        builder.AddOptions(KafkaOptions.Section, configure);
        builder.CheckConnection(ConnectionName, bootstrapServers, text => KafkaServers.Parse(text));
        builder.Services.AddSingleton<IOutageClassifier, KafkaOutages>();
        builder.Services.AddSingleton<IClickLog>(provider => new KafkaClickLog(
            KafkaServers.Parse(
                bootstrapServers ?? provider.GetRequiredService<IConfiguration>().GetRequiredConnection(ConnectionName)),
            provider.GetRequiredService<IOptions<KafkaOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<KafkaClickLog>>()));
        return builder;
    }
}
