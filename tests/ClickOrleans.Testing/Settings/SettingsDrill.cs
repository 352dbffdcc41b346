using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Testing.Settings;

/// <summary>
/// Starts the program with mutated settings: it works, or ends with exit code 2 and lines without a stack trace; no output
/// holds a secret.
/// </summary>
public static class SettingsDrill
{
    /// <summary>How the line of such an error ends.</summary>
    private const string Unforeseen = "=Debug shows where.)";

    /// <returns>What went wrong, a line for each start.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(IEnumerable<MutatedSettings> starts, Action<string> report)
    {
        var faults = new List<string>();
        foreach (var settings in starts)
        {
            var (exitCode, output) = await StartAsync(settings);
            var fault = Fault(settings, exitCode, output);
            report($"exit {exitCode}{(fault is null ? "" : $" FAULT {fault}")} {settings}");
            if (fault is not null)
            {
                faults.Add($"{fault}: {settings}{Environment.NewLine}{output}");
            }
        }

        return faults;
    }

    private static async Task<(int ExitCode, string Output)> StartAsync(MutatedSettings settings)
    {
        using var data = new TemporaryFolder();
        var environment = new Dictionary<string, string>
        {
            ["ClickOrleans__StartTimeout"] = "00:00:03",
            ["ClickOrleans__Data"] = data.Path,
            ["ClickOrleans__Producers__Count"] = "0",
        };
        foreach (var (key, value) in settings.Values)
        {
            environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return await SiloProcess.CommandAsync(["run", "--for", "1", "--port", $"{SiloProcess.FreePort()}"], environment);
    }

    private static string? Fault(MutatedSettings settings, int exitCode, string output) =>
        settings.Secrets.Any(secret => output.Contains(secret, StringComparison.Ordinal)) ? "a secret"
        : output.Contains("   at ", StringComparison.Ordinal) ? "a stack trace"
        : exitCode is not (0 or 2) ? "another exit code"
        : exitCode == 0 && !output.Contains("Ready: ", StringComparison.Ordinal) ? "never ready"
        : exitCode == 2 && output.Contains(Unforeseen, StringComparison.Ordinal) ? "an error that nothing foresaw"
        : null;
}
