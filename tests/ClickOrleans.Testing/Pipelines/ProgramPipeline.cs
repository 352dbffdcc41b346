using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Testing.Pipelines;

/// <summary>How a drill starts the program, whatever log it is configured for.</summary>
/// <param name="RunAsync">Starts <c>run</c> and returns when it is ready.</param>
/// <param name="CommandAsync">Runs a command to its end.</param>
public sealed record ProgramPipeline(
    Func<string[], Task<SiloProcess>> RunAsync, Func<string[], Task<(int ExitCode, string Output)>> CommandAsync)
{
    public static ProgramPipeline Of(ServerPipeline pipeline) => new(pipeline.RunAsync, pipeline.CommandAsync);

    /// <summary>All embedded, in a folder; the log has two partitions.</summary>
    public static ProgramPipeline In(string folder)
    {
        var environment = new Dictionary<string, string>
        {
            ["ClickOrleans__Data"] = folder,
            ["ClickOrleans__Partitions"] = "2",
        };
        return new(
            arguments => SiloProcess.RunAsync(arguments, environment),
            arguments => SiloProcess.CommandAsync(arguments, environment));
    }
}
