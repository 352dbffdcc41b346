using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace ClickOrleans.AppHost.Silos;

/// <summary>
/// The program's own <c>verify</c>, with the settings of the silos; its exit code decides whether the command succeeded.
/// </summary>
internal static class VerifyProcess
{
    private const int ReportLines = 1_000;

    private static readonly string[] Settings = ["ConnectionStrings__", "ClickOrleans__"];

    public static async ValueTask<ProcessCommandSpec> CreateAsync(ProjectResource silo, ExecuteCommandContext context)
    {
        var configuration = await ExecutionConfigurationBuilder.Create(silo)
            .WithEnvironmentVariablesConfig()
            .BuildAsync(
                context.Services.GetRequiredService<DistributedApplicationExecutionContext>(),
                context.Logger,
                context.CancellationToken);
        if (configuration.Exception is { } fault)
        {
            throw new DistributedApplicationException($"The settings of '{silo.Name}' cannot be read: {fault.Message}", fault);
        }

        return new ProcessCommandSpec("dotnet")
        {
            Arguments =
            [
                "run", "--project", silo.GetProjectMetadata().ProjectPath, "--no-build", "--no-launch-profile",
                "-c", BuildConfiguration, "--", "verify",
            ],
            EnvironmentVariables = configuration.EnvironmentVariables
                .Where(variable => Settings.Any(prefix => variable.Key.StartsWith(prefix, StringComparison.Ordinal)))
                .ToDictionary(variable => variable.Key, variable => variable.Value),
        };
    }

    public static Task<ExecuteCommandResult> ReadResult(ProcessCommandResultContext context)
    {
        var report = context.GetFormattedOutput(ReportLines, "report");
        return Task.FromResult(context.ExitCode == 0
            ? CommandResults.Success("Exit code 0.", report, CommandResultFormat.Text, displayImmediately: true)
            : CommandResults.Failure($"Exit code {context.ExitCode}: {report}", report, CommandResultFormat.Text));
    }

    /// <summary>The silo is built as the app host is.</summary>
    private static string BuildConfiguration =>
        typeof(VerifyProcess).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
}
