using System.Diagnostics;

namespace ClickOrleans.Testing.Servers;

/// <summary>Servers run by a program: <c>start|stop|kill NAME DIR [key=value ...]</c>; a start prints the address.</summary>
internal sealed class ProgramHost(string program, string name, string folder) : IServerHost
{
    public async Task<string> StartAsync(string[] settings) => (await RunAsync("start", settings)).Trim().Split('\n')[^1];

    public Task StopAsync(params string[] only) => RunAsync("stop", only);

    public Task KillAsync(params string[] only) => RunAsync("kill", only);

    public Task FreezeAsync() => SignalAllAsync("STOP");

    /// <remarks>
    /// The parent too: what runs a server as another user (runuser) stops itself with its child, and would never hear of its end.
    /// </remarks>
    public async Task ThawAsync()
    {
        await SignalAllAsync("CONT");
        var parent = (await ProcessAsync("ps", "-o", "ppid=", "-p", await FirstAsync())).Trim();
        await ProcessAsync("kill", "-CONT", parent);
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    /// <summary>The first process first: one that is stopped starts no others.</summary>
    private async Task SignalAllAsync(string signal)
    {
        var first = await FirstAsync();
        await ProcessAsync("kill", $"-{signal}", first);
        var children = (await ProcessAsync("pgrep", "-P", first)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var child in children)
        {
            // It may have ended meanwhile.
            await ProcessAsync("kill", $"-{signal}", child);
        }
    }

    private async Task<string> FirstAsync() => (await File.ReadAllTextAsync(Path.Combine(folder, "pid"))).Trim();

    private static async Task<string> ProcessAsync(string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }

    private async Task<string> RunAsync(string verb, params string[] settings)
    {
        var start = new ProcessStartInfo(program, [verb, name, folder, .. settings])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{name} did not {verb}: {await error}");
    }
}
