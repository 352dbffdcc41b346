namespace ClickOrleans.Testing.Servers;

/// <summary>Where a test's server runs. A start after a stop or a kill keeps data and port.</summary>
internal interface IServerHost : IAsyncDisposable
{
    /// <returns>The server's address.</returns>
    Task<string> StartAsync(string[] settings);

    Task StopAsync();

    /// <summary>SIGKILL, as a crash would.</summary>
    Task KillAsync();

    /// <summary>Stops all its processes where they are, with their connections open, until <see cref="ThawAsync"/>.</summary>
    Task FreezeAsync();

    Task ThawAsync();
}
