using ClickOrleans.Pipeline.Log;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Kafka;

public static class KafkaLogRegistration
{
    /// <summary>The click log in Kafka; its options are the section <see cref="KafkaOptions.Section"/>, checked at start.</summary>
    /// <param name="bootstrapServers">The connection string: <c>host:port</c>, several with commas.</param>
    public static IServiceCollection AddKafkaLog(this IServiceCollection services, string bootstrapServers, IConfiguration configuration)
    {
        services.AddOptions<KafkaOptions>().Bind(configuration.GetSection(KafkaOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<KafkaOptions>, KafkaOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        return services.AddSingleton<IClickLog>(provider => new KafkaClickLog(
            bootstrapServers,
            provider.GetRequiredService<IOptions<KafkaOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<KafkaClickLog>>()));
    }
}
