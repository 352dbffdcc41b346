using System.CommandLine;
using ClickOrleans.Silo.Configuration;

namespace ClickOrleans.Silo.Commands;

/// <summary>Options that several commands take, and how they become configuration.</summary>
internal static class CommonOptions
{
    public static Option<string?> Data() => new("--data")
    {
        Description = "Folder of the embedded log, store and index.",
        HelpName = "DIR",
    };

    /// <summary>
    /// Configuration from appsettings.json, the environment, and the options given, the later over the earlier.
    /// </summary>
    public static void Apply(this IConfigurationBuilder configuration, params (string Key, string? Value)[] given) =>
        configuration.AddInMemoryCollection(
            given.Where(pair => pair.Value is not null)
                .Select(pair => KeyValuePair.Create($"{HttpOptions.Section}:{pair.Key}", pair.Value)));
}
