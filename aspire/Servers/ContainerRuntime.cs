using System.ComponentModel;
using System.Diagnostics;

namespace ClickOrleans.AppHost.Servers;

/// <summary>
/// Whether Docker or Podman can run a container: the engine is asked, because a client program can be there without one.
/// </summary>
public static class ContainerRuntime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <param name="name">The one that Aspire is told to use (<c>ASPIRE_CONTAINER_RUNTIME</c>); null = either.</param>
    public static async Task<bool> AnswersAsync(string? name)
    {
        string[] programs = string.IsNullOrEmpty(name) ? ["docker", "podman"] : [name];
        return (await Task.WhenAll(programs.Select(program => AnswersAsync(program, Timeout)))).Contains(true);
    }

    /// <returns>True when the program lists its containers within the timeout; false when it is missing, fails, or does not
    /// end.</returns>
    public static async Task<bool> AnswersAsync(string program, TimeSpan timeout)
    {
        var start = new ProcessStartInfo(program, ["ps", "--last", "1", "--quiet"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            return false;
        }

        using (process)
        using (var late = new CancellationTokenSource(timeout))
        {
            try
            {
                await process.WaitForExitAsync(late.Token);
                return process.ExitCode == 0;
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                return false;
            }
        }
    }
}
