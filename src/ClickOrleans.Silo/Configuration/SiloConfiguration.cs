using ClickOrleans.Elasticsearch;
using ClickOrleans.FakeClicks;
using ClickOrleans.Kafka;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.ServiceDefaults;
using ClickOrleans.Silo.Hosting;
using ClickOrleans.Sqlite;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Silo.Configuration;

/// <summary>The program's options: its own, and those of every adapter that it could be run with.</summary>
public static class SiloConfiguration
{
    /// <summary>Options of an adapter that is not used are checked too: one environment may serve several programs.</summary>
    public static IClickOrleansBuilder AddSiloOptions(this IClickOrleansBuilder builder)
    {
        builder.Services.AddStartupCheck(provider =>
            OrleansSettings.Check(provider.GetRequiredService<IConfiguration>()).Select(error => error.Message));
        return builder.AddOptionClasses();
    }

    private static IClickOrleansBuilder AddOptionClasses(this IClickOrleansBuilder builder) => builder
        .AddOptions<HttpOptions>(HttpOptions.Section)
        .AddOptions<HealthOptions>(HealthOptions.Section)
        .AddOptions<SiloClusterOptions>(SiloClusterOptions.Section)
        .AddOptions<SqliteOptions>(SqliteOptions.Section)
        .AddOptions<KafkaOptions>(KafkaOptions.Section)
        .AddOptions<ElasticsearchOptions>(ElasticsearchOptions.Section)
        .AddOptions<GeneratorOptions>(GeneratorOptions.Section);

    /// <summary>Every error, each in one line; none where the program would start with this configuration.</summary>
    public static IReadOnlyList<string> Check(IConfiguration configuration)
    {
        using var services = Read(configuration);
        return Check(services);
    }

    /// <summary>The options alone, for whoever needs nothing else.</summary>
    public static ServiceProvider Read(IConfiguration configuration) => new ServiceCollection()
        .AddSingleton(configuration)
        .AddTelemetryChecks(configuration)
        .AddClickOrleans(clicks => clicks.AddSiloOptions().UseConfiguredAdapters(configuration))
        .BuildServiceProvider();

    /// <exception cref="StartupException">There is an error; the message names them all, line by line.</exception>
    public static void Validate(IServiceProvider services)
    {
        var errors = Check(services);
        if (errors.Count > 0)
        {
            throw new StartupException(string.Join(Environment.NewLine, errors));
        }
    }

    /// <inheritdoc cref="Validate(IServiceProvider)"/>
    /// <remarks>For a host that is not built yet: what its building would fail at is said with the rest.</remarks>
    public static void Validate(IConfiguration configuration)
    {
        using var services = Read(configuration);
        Validate(services);
    }

    private static IReadOnlyList<string> Check(IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
        catch (AggregateException exception)
        {
            return [.. exception.InnerExceptions.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures)];
        }
    }
}
