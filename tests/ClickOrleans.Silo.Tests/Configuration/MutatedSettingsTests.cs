using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Silo.Configuration;
using ClickOrleans.Silo.Hosting;
using ClickOrleans.Testing.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClickOrleans.Silo.Tests.Configuration;

/// <summary>Whatever is configured, the program starts or says what is wrong, without a stack trace or a secret.</summary>
public sealed class MutatedSettingsTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_options_class_has_its_keys_mutated()
    {
        Assert.InRange(OptionKeys.All.Count, 30, 200);
        Assert.Contains("ClickOrleans:Port", OptionKeys.All);
        Assert.Contains("ClickOrleans:Kafka:Topic", OptionKeys.All);
        Assert.Contains("ClickOrleans:Elasticsearch:BulkBytes", OptionKeys.All);
    }

    [Fact]
    public async Task A_thousand_mutated_configurations_are_taken_or_refused_in_lines()
    {
        var faults = new List<string>();
        foreach (var settings in MutatedSettings.Of(seed: 4711, count: 1000, OptionKeys.All))
        {
            if (await FaultAsync(settings) is { } fault)
            {
                faults.Add(fault);
            }
        }

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults.Take(20)));
    }

    [Fact]
    public async Task Processes_with_mutated_settings_work_or_end_with_exit_code_2()
    {
        // The long form is a command of the benchmarks: drill settings.
        var starts = MutatedSettings.Of(seed: 1, count: 6, OptionKeys.All);

        Assert.Empty(await SettingsDrill.RunAsync(starts, output.WriteLine));
    }

    /// <summary>Validates, and makes what reads connection strings.</summary>
    private static async Task<string?> FaultAsync(MutatedSettings settings)
    {
        try
        {
            var configuration = new ConfigurationBuilder()
                .AddInMemoryCollection(settings.Values.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)))
                .Build();
            await using var services = new ServiceCollection()
                .AddLogging()
                .AddSingleton<IConfiguration>(configuration)
                .AddClickOrleans(clicks => clicks.AddSiloOptions().UseConfiguredAdapters(configuration))
                .BuildServiceProvider();
            SiloConfiguration.Validate(services);
            string[] descriptions =
            [
                services.GetRequiredService<IClickLog>().Description,
                services.GetRequiredService<IStoreSchema>().Description,
                services.GetRequiredService<IClickIndex>().Description,
            ];
            return Secret(string.Join(' ', descriptions));
        }
        catch (StartupException exception)
        {
            return exception.Message.Length == 0 ? $"no text: {settings}" : Secret(exception.Message);
        }
        catch (Exception exception)
        {
            return $"{exception.GetType().Name} {exception.Message}: {settings}";
        }

        string? Secret(string text) =>
            settings.Secrets.Any(secret => text.Contains(secret, StringComparison.Ordinal)) ? $"a secret: {settings}" : null;
    }
}
