using ClickOrleans.Pipeline.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Pipeline.Composition;

public static class OptionsBuilderExtensions
{
    /// <summary>
    /// Binds an options class to its section and has it validated at start: by its attributes and, where it is an
    /// <see cref="IValidated"/>, by its own rules. A second call for the same class only adds its <paramref name="configure"/>.
    /// </summary>
    public static IClickOrleansBuilder AddOptions<T>(
        this IClickOrleansBuilder builder, string section, Action<T>? configure = null)
        where T : class, new()
    {
        var services = builder.Services;
        if (!services.Any(service => service.ServiceType == typeof(ConfiguredOptions<T>)))
        {
            services.AddSingleton(provider => new ConfiguredOptions<T>(section, provider.GetRequiredService<IConfiguration>()));
            services.AddSingleton<IConfigureOptions<T>>(provider => provider.GetRequiredService<ConfiguredOptions<T>>());
            services.AddSingleton<IValidateOptions<T>>(provider => provider.GetRequiredService<ConfiguredOptions<T>>());
            services.AddOptions<T>().ValidateOnStart();
            Keys(services).Add<T>(section);
        }

        if (configure is not null)
        {
            services.Configure(configure);
        }

        return builder;
    }

    private static ConfigurationKeys Keys(IServiceCollection services)
    {
        if (services.FirstOrDefault(service => service.ServiceType == typeof(ConfigurationKeys)) is { } registered)
        {
            return (ConfigurationKeys)registered.ImplementationInstance!;
        }

        var keys = new ConfigurationKeys();
        services.AddSingleton(keys);
        services.TryAddSingleton<IConfiguration>(_ => new ConfigurationBuilder().Build());
        services.AddStartupCheck(provider =>
            keys.Check(provider.GetRequiredService<IConfiguration>()).Select(error => error.Message));
        return keys;
    }
}
