using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace ClickOrleans.Cluster.Tests;

/// <summary>A line to PostgreSQL for one silo alone, which can be cut, or hold back whatever is said on it.</summary>
public sealed class DatabaseProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> _ends = [];
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly Task _accepting;
    private volatile TaskCompletionSource _open = new();
    private volatile bool _cut;

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

    /// <summary>The database by way of this line.</summary>
    public string ConnectionString { get; }

    /// <summary>Breaks every connection, and every new one.</summary>
    public void Cut()
    {
        _cut = true;
        HangUp();
    }

    /// <summary>Takes what is sent, and new connections, and passes nothing on, as a network that swallows packets.</summary>
    public void Silence() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Mend()
    {
        _cut = false;
        _open.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        _open.TrySetResult();
        _listener.Dispose();
        await _accepting;
    }

    private void HangUp()
    {
        foreach (var end in _ends.Keys)
        {
            end.Dispose();
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
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The listener is closed.
        }
    }

    private async Task ConnectAsync(TcpClient silo)
    {
        using var server = new TcpClient();
        using (silo)
        {
            _ends[silo] = _ends[server] = true;
            try
            {
                if (!_cut)
                {
                    await _open.Task;
                    await server.ConnectAsync(_server.Host!, _server.Port);
                    await Task.WhenAny(PassOnAsync(silo.GetStream(), server.GetStream()), PassOnAsync(server.GetStream(), silo.GetStream()));
                }
            }
            catch (Exception end) when (end is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // Either end hung up.
            }

            _ends.TryRemove(silo, out _);
            _ends.TryRemove(server, out _);
        }
    }

    private async Task PassOnAsync(NetworkStream from, NetworkStream to)
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
        catch (Exception end) when (end is IOException or ObjectDisposedException)
        {
            // Either end hung up.
        }
    }
}
