using System.Net.Sockets;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Silo.Configuration;

namespace ClickOrleans.Silo.Hosting;

/// <summary>Tells at once, in one line, what the server would fail at late.</summary>
internal static class ListeningPort
{
    /// <exception cref="StartupException">The port is taken, or the address is none of this machine.</exception>
    public static void Check(HttpOptions http)
    {
        try
        {
            using var listener = new TcpListener(http.Address, http.Port);
            listener.Start();
        }
        catch (SocketException exception)
        {
            throw new StartupException(
                $"Port {http.Port} on {http.Address} cannot be used: {exception.Message}. Choose another with --port.",
                exception);
        }
    }
}
