using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using ClickOrleans.Elasticsearch.Connection;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Testing.Silos;
using Microsoft.Extensions.Configuration;

namespace ClickOrleans.Elasticsearch.Tests.Tls;

/// <summary>The CA file may hold the intermediate CA that issued the server's certificate, and not its root.</summary>
public sealed class IntermediateAuthorityTests : IDisposable
{
    private readonly Certificates _root = new("the company's root");
    private readonly Certificates _intermediate;
    private readonly TemporaryFolder _folder = new();

    public IntermediateAuthorityTests() => _intermediate = new Certificates("the servers' CA", _root);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _intermediate.Dispose();
        _root.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_pinned_intermediate_is_enough_whatever_the_server_shows_of_the_chain(bool intermediate, bool root)
    {
        var shown = new List<string>();
        if (intermediate)
        {
            shown.Add(_intermediate.AuthorityPem);
        }

        if (root)
        {
            shown.Add(_root.AuthorityPem);
        }

        Assert.Equal("200", await ConnectAsync(_intermediate.AuthorityPem, _intermediate.Issue("localhost", 20), [.. shown]));
    }

    [Fact]
    public async Task A_pinned_root_needs_the_intermediate_to_be_shown()
    {
        var issued = _intermediate.Issue("localhost", 20);

        Assert.Equal("200", await ConnectAsync(_root.AuthorityPem, issued, [_intermediate.AuthorityPem]));
        Assert.Contains(
            "have the server show the intermediate certificates",
            await ConnectAsync(_root.AuthorityPem, issued, []),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_intermediate_of_the_same_root_is_refused()
    {
        using var other = new Certificates("another CA", _root);

        Assert.Contains(
            "is not from the CA in",
            await ConnectAsync(other.AuthorityPem, _intermediate.Issue("localhost", 20), [_intermediate.AuthorityPem]),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_certificate_of_the_pinned_intermediate_is_refused_for_that_alone()
    {
        var problem = await ConnectAsync(_intermediate.AuthorityPem, _intermediate.Issue("localhost", -1), []);

        Assert.Contains("is not valid today", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_the_pinned_intermediate_for_another_host_is_refused_for_that_alone()
    {
        var problem = await ConnectAsync(_intermediate.AuthorityPem, _intermediate.Issue("es.example", 20), []);

        Assert.Contains("is for the host names es.example", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("is not from the CA", problem, StringComparison.Ordinal);
    }

    /// <returns>The status code, or why there was none.</returns>
    private async Task<string> ConnectAsync(string pinned, (string Certificate, string Key) issued, string[] shown)
    {
        await File.WriteAllTextAsync(_folder.File("ca.crt"), pinned, Token);
        using var server = X509Certificate2.CreateFromPem(issued.Certificate, issued.Key);
        var chain = new X509Certificate2Collection();
        foreach (var pem in shown)
        {
            chain.ImportFromPem(pem);
        }

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, SslStreamCertificateContext.Create(server, chain, offline: true));
        var address = $"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}";
        using var http = new HttpClient(TrustedHandler.Create(
            ElasticsearchEndpoint.Parse(address, null, new ConfigurationBuilder().Build()), _folder.File("ca.crt")));
        try
        {
            using var response = await http.GetAsync(new Uri(address), Token);
            return $"{(int)response.StatusCode}";
        }
        catch (HttpRequestException exception) when (exception.InnerException is IndexSetupException problem)
        {
            return problem.Message;
        }
        finally
        {
            listener.Stop();
            await serving;
        }
    }

    private static async Task ServeAsync(TcpListener listener, SslStreamCertificateContext context)
    {
        try
        {
            using var client = await listener.AcceptTcpClientAsync(Token);
            await using var stream = new SslStream(client.GetStream());
            await stream.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions { ServerCertificateContext = context }, Token);
            _ = await stream.ReadAtLeastAsync(new byte[4096], 1, cancellationToken: Token);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), Token);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // The client hung up: it trusts the certificate not.
        }
    }
}
