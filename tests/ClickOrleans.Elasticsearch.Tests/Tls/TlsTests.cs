using ClickOrleans.Pipeline.Index;
using ClickOrleans.Conformance.Index;

namespace ClickOrleans.Elasticsearch.Tests.Tls;

/// <summary>A TLS proxy with a password before Elasticsearch, and everything a person can get wrong about it.</summary>
public sealed class TlsTests(Elasticsearch9Server server) : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    private string _folder = "";
    private readonly Certificates _certificates = new("the cluster's CA");
    private NginxServer _nginx = null!;

    private string AuthorityPath => Path.Combine(_folder, "http_ca.crt");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // What may skip the test comes first: then nothing is left behind.
        _nginx = await NginxServer.StartAsync(_certificates, await server.AddressAsync());
        _folder = Directory.CreateTempSubdirectory("clickorleans-tls-").FullName;
        await File.WriteAllTextAsync(AuthorityPath, _certificates.AuthorityPem, Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_nginx is not null)
        {
            await _nginx.DisposeAsync();
        }

        _certificates.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task With_the_pinned_CA_and_the_password_documents_come_and_go()
    {
        await using var index = Index(_nginx.Port);
        await index.OpenAsync(Token);
        IndexDocument[] documents = [.. Enumerable.Range(0, 2000).Select(i => SampleDocuments.Of($"/{i}", "DE"))];

        var answers = await index.UpsertAsync(documents, Token);

        Assert.All(answers, answer => Assert.Equal(IndexOutcome.Indexed, answer.Outcome));
        Assert.Equal(2000, await index.CountAsync(Token));
    }

    [Fact]
    public async Task Another_CA_is_named_and_a_corrected_file_is_seen_without_a_restart()
    {
        using var other = new Certificates("another CA");
        await File.WriteAllTextAsync(AuthorityPath, other.AuthorityPem, Token);
        await using var index = Index(_nginx.Port);

        await AssertProblemAsync(index, $"is not from the CA in {AuthorityPath}: replace the file");

        await File.WriteAllTextAsync(AuthorityPath, _certificates.AuthorityPem, Token);
        Assert.NotEmpty(await index.OpenAsync(Token));
    }

    [Fact]
    public async Task Without_a_pinned_CA_an_unknown_one_is_refused()
    {
        // The default may be absent, and is where tests run.
        await using var index = Index(_nginx.Port, ElasticsearchOptions.DefaultCertificateAuthority);

        await AssertProblemAsync(
            index, "is from a CA that this machine does not trust: put the cluster's CA into certs/http_ca.crt");
    }

    [Fact]
    public async Task A_CA_file_that_was_asked_for_and_is_missing_is_named()
    {
        await using var index = Index(_nginx.Port, Path.Combine(_folder, "none.crt"));

        await AssertProblemAsync(
            index,
            $"{Path.Combine(_folder, "none.crt")} (ClickOrleans:Elasticsearch:CertificateAuthority) does not exist");
    }

    [Fact]
    public async Task A_CA_file_that_is_no_certificate_is_named()
    {
        await File.WriteAllTextAsync(AuthorityPath, "no certificate", Token);
        await using var index = Index(_nginx.Port);

        await AssertProblemAsync(index, $"{AuthorityPath} cannot be read as a certificate");
    }

    [Fact]
    public async Task A_certificate_for_another_host_is_named_with_its_hosts()
    {
        await using var index = Index(_nginx.OtherHostPort);

        await AssertProblemAsync(index, "is for the host names es.example, not for localhost: connect by one of those names");
    }

    [Fact]
    public async Task An_expired_certificate_is_named_with_its_days()
    {
        await using var index = Index(_nginx.ExpiredPort);

        await AssertProblemAsync(index, "is not valid today, only from");
    }

    [Fact]
    public async Task A_wrong_password_is_named_with_the_user_and_never_shown()
    {
        await using var index = Index(_nginx.Port, password: "wr0ng");

        await AssertProblemAsync(index, "does not accept the user 'clicks' (401 with text/html): check the user and password");
    }

    [Fact]
    public async Task A_missing_privilege_is_named_with_what_to_grant()
    {
        await using var index = Index(_nginx.ForbiddenPort);

        await AssertProblemAsync(
            index,
            "refuses the user 'clicks' a privilege (403): action [indices:admin/create] is unauthorized",
            "Grant create_index, write, read, view_index_metadata, maintenance and manage on the indices");
    }

    [Fact]
    public async Task Https_to_a_port_without_TLS_is_named()
    {
        var plain = new Uri(await server.AddressAsync());
        await using var index = Index(plain.Port);

        await AssertProblemAsync(index, "does not complete a TLS handshake", "use http://");
    }

    private ElasticsearchIndex Index(int port, string? authority = null, string password = NginxServer.Password) =>
        ElasticsearchServer.Index(
            $"https://{NginxServer.User}:{password}@localhost:{port}",
            new ElasticsearchOptions { Index = server.NewName(), CertificateAuthority = authority ?? AuthorityPath });

    private static async Task AssertProblemAsync(ElasticsearchIndex index, params string[] parts)
    {
        var started = TimeProvider.System.GetTimestamp();

        var exception = await Assert.ThrowsAsync<IndexSetupException>(() => index.OpenAsync(Token));

        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, Bound);
        Assert.All(parts, part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', exception.Message);
        Assert.DoesNotContain(NginxServer.Password, exception.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", exception.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(NginxServer.Password, index.Description, StringComparison.Ordinal);
    }
}
