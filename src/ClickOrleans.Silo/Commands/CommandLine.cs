using System.CommandLine;
using ClickOrleans.Pipeline.Composition;

namespace ClickOrleans.Silo.Commands;

/// <summary>
/// How commands are run. Exit codes: 0 done, 1 <c>verify</c> found differences or <c>health</c> a silo unready, 2 it could not be
/// done.
/// </summary>
internal static class CommandLine
{
    public const int Done = 0;
    public const int Differences = 1;
    public const int Failed = 2;

    /// <param name="run">What the program does without a command.</param>
    public static async Task<int> InvokeAsync(string[] args, RunCommand run, IEnumerable<Command> others)
    {
        var root = new RootCommand(
            "ClickOrleans: clicks from a log into a store, exactly once, and on into rollups and a searchable index.");
        foreach (var option in run.Options)
        {
            root.Options.Add(option);
        }

        root.SetAction(run.InvokeAsync);
        foreach (var command in others.Prepend(run))
        {
            root.Subcommands.Add(command);
        }

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync(error.Message);
            }

            return Failed;
        }

        // Signals are the commands' own business: a stop takes as long as flushing takes.
        return await parsed.InvokeAsync(
            new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
    }

    /// <summary>Runs a command's work and turns what a person can repair into lines without a stack trace.</summary>
    public static async Task<int> GuardAsync(Func<CancellationToken, Task<int>> work)
    {
        using var signals = new StopSignals();
        try
        {
            return await work(signals.Token);
        }
        catch (StartupException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return Failed;
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Interrupted.");
            return Failed;
        }
        catch (Exception exception)
        {
            await Console.Error.WriteLineAsync(UnexpectedFailure.Describe(exception));
            return Failed;
        }
    }
}
