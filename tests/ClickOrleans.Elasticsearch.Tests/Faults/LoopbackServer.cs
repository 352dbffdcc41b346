using System.Net;
using System.Net.Sockets;

namespace ClickOrleans.Elasticsearch.Tests.Faults;

/// <summary>An HTTP server in this process that answers as a test says.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly HttpListener _listener;
    private readonly Task _loop;

    private LoopbackServer(HttpListener listener, string address, Func<HttpListenerContext, Task> answer)
    {
        _listener = listener;
        Address = address;
        _loop = Task.Run(() => ListenAsync(answer));
    }

    public string Address { get; }

    public static LoopbackServer Start(Func<HttpListenerContext, Task> answer)
    {
        for (var attempt = 1; ; attempt++)
        {
            var address = $"http://127.0.0.1:{FreePort()}";
            var listener = new HttpListener();
            listener.Prefixes.Add($"{address}/");
            try
            {
                listener.Start();
                return new LoopbackServer(listener, address, answer);
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                // Somebody else took the port in between.
                listener.Close();
            }
        }
    }

    /// <summary>Answers with a JSON body, as Elasticsearch unless told otherwise.</summary>
    public static async Task AnswerAsync(HttpListenerContext context, int status, byte[] body, bool isElasticsearch = true)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        if (isElasticsearch)
        {
            context.Response.AddHeader("X-elastic-product", "Elasticsearch");
        }

        context.Response.ContentLength64 = body.Length;
        await context.Response.OutputStream.WriteAsync(body);
        context.Response.Close();
    }

    /// <summary>Answers with the first half of a body and breaks the connection.</summary>
    public static async Task BreakAsync(HttpListenerContext context, int status, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.AddHeader("X-elastic-product", "Elasticsearch");
        context.Response.ContentLength64 = body.Length;
        await context.Response.OutputStream.WriteAsync(body.AsMemory(0, body.Length / 2));
        await context.Response.OutputStream.FlushAsync();
        context.Response.Abort();
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _loop;
    }

    private async Task ListenAsync(Func<HttpListenerContext, Task> answer)
    {
        var answers = new List<Task>();
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                answers.Add(answer(context));
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }

        await Task.WhenAll(answers);
    }
}
