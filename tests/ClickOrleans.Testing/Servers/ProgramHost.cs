using System.Diagnostics;

namespace ClickOrleans.Testing.Servers;

/// <summary>Servers run by a program: <c>start|stop|kill NAME DIR [key=value ...]</c>; a start prints the address.</summary>
internal sealed class ProgramHost(string program, string name, string folder) : IServerHost
{
    public async Task<string> StartAsync(string[] settings) => (await RunAsync("start", settings)).Trim().Split('\n')[^1];

    public Task StopAsync() => RunAsync("stop");

    public Task KillAsync() => RunAsync("kill");

    public async ValueTask DisposeAsync() => await KillAsync();

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
