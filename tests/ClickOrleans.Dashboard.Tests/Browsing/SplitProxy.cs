using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClickOrleans.Dashboard.Tests.Browsing;

/// <summary>
/// A load balancer without sticky sessions at its worst: pages come from one silo, web sockets go to another, or nowhere.
/// </summary>
public sealed class SplitProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _pages;
    private readonly int? _sockets;
    private readonly Task _accepting;

    /// <param name="sockets">Null: web sockets are answered with 400, as by a proxy that does not pass them on.</param>
    public SplitProxy(int pages, int? sockets)
    {
        _pages = pages;
        _sockets = sockets;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // Stopped.
        }
    }

    /// <summary>One request each connection, so that every request is dealt anew.</summary>
    private async Task ServeAsync(TcpClient browser)
    {
        using var client = browser;
        try
        {
            var stream = browser.GetStream();
            var head = await ReadHeadAsync(stream);
            var isSocket = head.Contains("Upgrade: websocket", StringComparison.OrdinalIgnoreCase);
            if (isSocket && _sockets is null)
            {
                await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
                return;
            }

            using var silo = new TcpClient();
            await silo.ConnectAsync(IPAddress.Loopback, isSocket ? _sockets!.Value : _pages, _stop.Token);
            var upstream = silo.GetStream();
            var forwarded = isSocket
                ? head
                : head.Replace("Connection: keep-alive", "Connection: close", StringComparison.OrdinalIgnoreCase);
            await upstream.WriteAsync(Encoding.Latin1.GetBytes(forwarded), _stop.Token);
            await Task.WhenAny(stream.CopyToAsync(upstream, _stop.Token), upstream.CopyToAsync(stream, _stop.Token));
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // One of the two hung up.
        }
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var buffer = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(buffer, _stop.Token) > 0)
        {
            head.Append((char)buffer[0]);
        }

        return head.ToString();
    }
}
