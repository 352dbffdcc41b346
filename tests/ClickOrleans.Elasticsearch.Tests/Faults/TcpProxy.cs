using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ClickOrleans.Elasticsearch.Tests.Faults;

/// <summary>Another address of a server, which can be closed with all its connections, as a node that is killed.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closed = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _loop;
    private int _accepted;

    public TcpProxy(Uri target)
    {
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _loop = AcceptAsync(target);
    }

    public string Address { get; }

    /// <summary>How many connections it has accepted.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    public async Task KillAsync()
    {
        await _closed.CancelAsync();
        _listener.Stop();
        await _loop;
        await Task.WhenAll(_connections);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _closed.Dispose();
    }

    private async Task AcceptAsync(Uri target)
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_closed.Token);
                Interlocked.Increment(ref _accepted);
                _connections.Add(PassAsync(client, target));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Killed.
        }
    }

    private async Task PassAsync(TcpClient client, Uri target)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(target.Host, target.Port, _closed.Token);
                var up = client.GetStream().CopyToAsync(server.GetStream(), _closed.Token);
                var down = server.GetStream().CopyToAsync(client.GetStream(), _closed.Token);
                await Task.WhenAny(up, down);
                client.Close();
                server.Close();
                await Task.WhenAll(up, down);
            }
            catch (Exception exception)
                when (exception is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
            {
                // Closed by one of the ends, or killed.
            }
        }
    }
}
