namespace ClickOrleans.Testing.Servers;

/// <summary>Where a test's server runs. A start after a stop or a kill keeps data and port.</summary>
internal interface IServerHost : IAsyncDisposable
{
    /// <returns>The server's address.</returns>
    Task<string> StartAsync(string[] settings);

    /// <param name="only">Which part of the server, in its program's words; all of it where nothing is named.</param>
    Task StopAsync(params string[] only);

    /// <summary>SIGKILL, as a crash would.</summary>
    Task KillAsync(params string[] only);

    /// <summary>Stops all its processes where they are, with their connections open, until <see cref="ThawAsync"/>.</summary>
    Task FreezeAsync();

    Task ThawAsync();
}
