using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace ClickOrleans.Cluster.Tests;

/// <summary>A TCP proxy to PostgreSQL for one silo that can close its connections or stop forwarding data.</summary>
public sealed class DatabaseProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> _connections = [];
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly Task _accepting;
    private volatile TaskCompletionSource _open = new();
    private volatile bool _isDisconnected;

    public DatabaseProxy(string connectionString)
    {
        _server = new NpgsqlConnectionStringBuilder(connectionString);
        _open.SetResult();
        _listener.Start();
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Host = "127.0.0.1",
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        }.ConnectionString;
        _accepting = AcceptAsync();
    }

    /// <summary>Connection string of the database through the proxy.</summary>
    public string ConnectionString { get; }

    /// <summary>Closes all connections and rejects new ones.</summary>
    public void Disconnect()
    {
        _isDisconnected = true;
        CloseConnections();
    }

    /// <summary>Accepts data and connections but forwards nothing, as a network that drops packets.</summary>
    public void DropPackets() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Restore()
    {
        _isDisconnected = false;
        _open.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        Disconnect();
        _open.TrySetResult();
        _listener.Dispose();
        await _accepting;
    }

    private void CloseConnections()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ConnectAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The listener is closed.
        }
    }

    private async Task ConnectAsync(TcpClient silo)
    {
        using var server = new TcpClient();
        using (silo)
        {
            _connections[silo] = _connections[server] = true;
            try
            {
                if (!_isDisconnected)
                {
                    await _open.Task;
                    await server.ConnectAsync(_server.Host!, _server.Port);
                    await Task.WhenAny(
                        ForwardAsync(silo.GetStream(), server.GetStream()),
                        ForwardAsync(server.GetStream(), silo.GetStream()));
                }
            }
            catch (Exception exception) when (
                exception is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // One of the two connections was closed.
            }

            _connections.TryRemove(silo, out _);
            _connections.TryRemove(server, out _);
        }
    }

    private async Task ForwardAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and var count)
            {
                await _open.Task;
                await to.WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // One of the two connections was closed.
        }
    }
}
