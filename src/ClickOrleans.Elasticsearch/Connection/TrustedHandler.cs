using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClickOrleans.Pipeline.Index;

namespace ClickOrleans.Elasticsearch.Connection;

/// <summary>
/// Makes the handler under the HTTP client. The server's certificate must come from the pinned CA (or, without one, from a CA
/// of this machine), be for the host that was asked for, and be valid today: nothing turns that off.
/// </summary>
internal static class TrustedHandler
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <exception cref="IndexSetupException">The CA's file is missing although it was asked for, or cannot be read.</exception>
    public static SocketsHttpHandler Create(ElasticsearchEndpoint endpoint, string authorityPath)
    {
        var handler = new SocketsHttpHandler
        {
            // No span of its own: Operation makes the one of a request.
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.GZip,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
        };
        if (endpoint.UsesTls)
        {
            var authorities = ReadAuthorities(authorityPath);
            if (authorities is not null)
            {
                handler.SslOptions.CertificateChainPolicy = authorities.Policy();
            }

            var source = authorities is null ? null : authorityPath;
            handler.SslOptions.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
            {
                if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors)
                    && certificate is X509Certificate2 server && authorities?.Issued(server, chain) == true)
                {
                    errors &= ~SslPolicyErrors.RemoteCertificateChainErrors;
                }

                var node = endpoint.NodeOf(((SslStream)sender).TargetHostName);
                return errors == SslPolicyErrors.None
                    ? true
                    : throw new IndexSetupException(CertificateProblem.Describe(node, source, certificate, chain, errors));
            };
        }

        return handler;
    }

    private static PinnedAuthorities? ReadAuthorities(string path)
    {
        if (!File.Exists(path))
        {
            return path == ElasticsearchOptions.DefaultCertificateAuthority
                ? null
                : throw new IndexSetupException(
                    $"The CA file {path} ({ElasticsearchOptions.Section}:CertificateAuthority) does not exist; "
                    + "certs/README.md says how to get it.");
        }

        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(path);
            if (certificates.Count == 0)
            {
                certificates.Add(X509CertificateLoader.LoadCertificateFromFile(path));
            }

            return new PinnedAuthorities(certificates);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new IndexSetupException(
                $"The CA file {path} cannot be read as a certificate: {exception.Message} certs/README.md says how to get it.",
                exception);
        }
    }
}
