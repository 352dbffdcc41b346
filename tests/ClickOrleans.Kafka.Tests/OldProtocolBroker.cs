using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ClickOrleans.Kafka.Tests;

/// <summary>
/// Stands before a broker, also as the address that the broker gives out, and offers no later version of Metadata than the last
/// without topic ids: https://kafka.apache.org/protocol.
/// </summary>
internal sealed class OldProtocolBroker : IAsyncDisposable
{
    private const short ApiVersions = 18;
    private const short Metadata = 3;
    private const short LastWithoutTopicIds = 9;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> _connections = [];
    private readonly IPEndPoint _broker;
    private readonly Task _accepting;

    public OldProtocolBroker(string servers)
    {
        _broker = IPEndPoint.Parse(servers);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => $"{_listener.LocalEndpoint}";

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        foreach (var connection in _connections)
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
                _ = ForwardAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The listener is closed.
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        var server = new TcpClient();
        _connections.Add(client);
        _connections.Add(server);
        await server.ConnectAsync(_broker);
        var asked = new ConcurrentQueue<short>();
        await Task.WhenAny(
            CopyAsync(client.GetStream(), server.GetStream(), request => asked.Enqueue(Int16At(request, 0))),
            CopyAsync(server.GetStream(), client.GetStream(), response =>
            {
                asked.TryDequeue(out var api);
                Change(api, response);
            }));
        client.Dispose();
        server.Dispose();
    }

    private static async Task CopyAsync(NetworkStream from, NetworkStream to, Action<byte[]> look)
    {
        try
        {
            var length = new byte[4];
            while (true)
            {
                await from.ReadExactlyAsync(length);
                var message = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
                await from.ReadExactlyAsync(message);
                look(message);
                await to.WriteAsync((byte[])[.. length, .. message]);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // One of the two connections was closed.
        }
    }

    private void Change(short api, byte[] response)
    {
        if (api == ApiVersions)
        {
            // Correlation id, error, the number of APIs; then for each its key, its first and last version, and no tags.
            for (var entry = 7; entry + 7 <= response.Length; entry += 7)
            {
                if (Int16At(response, entry) == Metadata)
                {
                    BinaryPrimitives.WriteInt16BigEndian(response.AsSpan(entry + 4), LastWithoutTopicIds);
                    return;
                }
            }
        }
        else if (api == Metadata)
        {
            var given = Host((short)_broker.Port);
            for (var at = response.AsSpan().IndexOf(given); at >= 0; at = response.AsSpan().IndexOf(given))
            {
                Host((short)((IPEndPoint)_listener.LocalEndpoint).Port).CopyTo(response, at);
            }
        }
    }

    /// <summary>Host and port as in Metadata; the port's upper half is 0.</summary>
    private static byte[] Host(short port) => [.. "127.0.0.1"u8, 0, 0, (byte)(port >> 8), (byte)port];

    private static short Int16At(byte[] message, int at) => BinaryPrimitives.ReadInt16BigEndian(message.AsSpan(at));
}
