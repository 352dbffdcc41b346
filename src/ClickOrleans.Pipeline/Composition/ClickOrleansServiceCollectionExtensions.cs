using ClickOrleans.Pipeline.Composition;

// Where every host looks for what can be added to it.
namespace Microsoft.Extensions.DependencyInjection;

public static class ClickOrleansServiceCollectionExtensions
{
    /// <summary>
    /// Adds the pipeline: its stages, what commands use (<c>Verifier</c>, <c>DeadLetterService</c>, ...) and the adapters that
    /// <paramref name="configure"/> chooses, one each for log, store and index.
    /// </summary>
    /// <remarks>
    /// Options come from the host's configuration, section <c>ClickOrleans</c>, and are validated at start, every error at once.
    /// The stages run on an Orleans silo that has <c>AddClickOrleansGrains</c>.
    /// </remarks>
    /// <example><code>
    /// builder.Services.AddClickOrleans(clicks => clicks.UseKafkaLog().UsePostgresStore().UseElasticsearchIndex());
    /// builder.UseOrleans(silo => silo.UseLocalhostClustering().UseInMemoryReminderService().AddClickOrleansGrains());
    /// </code></example>
    public static IServiceCollection AddClickOrleans(this IServiceCollection services, Action<IClickOrleansBuilder> configure)
    {
        var builder = new ClickOrleansBuilder(services);
        builder.AddStages();
        configure(builder);
        return services;
    }
}
