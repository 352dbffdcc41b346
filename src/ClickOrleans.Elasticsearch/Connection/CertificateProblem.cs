using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ClickOrleans.Elasticsearch.Connection;

/// <summary>Says in one line why a server's certificate is refused, and what to do.</summary>
internal static class CertificateProblem
{
    /// <param name="authorityPath">The pinned CA's file; null if the machine's CAs are trusted.</param>
    public static string Describe(
        Uri address, string? authorityPath, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var where = $"{address.Scheme}://{address.Authority}";
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return $"{where} showed no TLS certificate: check that it is Elasticsearch's HTTPS port.";
        }

        using var shown = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        var problems = new List<string>();
        var status = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status) ?? default;
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            var isOutOfTime = status.HasFlag(X509ChainStatusFlags.NotTimeValid);
            if (isOutOfTime)
            {
                problems.Add(
                    $"is not valid today, only from {Day(shown.NotBefore)} to {Day(shown.NotAfter)} (expired or too early): "
                    + "renew it on the server, or correct this machine's clock");
            }

            if (!isOutOfTime || status != X509ChainStatusFlags.NotTimeValid)
            {
                problems.Add(
                    authorityPath is null
                        ? "is from a CA that this machine does not trust: put the cluster's CA into "
                          + $"{ElasticsearchOptions.DefaultCertificateAuthority} (certs/README.md says how)"
                        : $"is not from the CA in {authorityPath}: replace the file by the CA of this cluster "
                          + "(certs/README.md says how), or have the server show the intermediate certificates between");
            }
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            problems.Add(
                $"is for the host names {Names(shown)}, not for {address.Host}: connect by one of those names, "
                + $"or have a certificate made for {address.Host}");
        }

        return $"The TLS certificate of {where} {string.Join("; and it ", problems)}.";
    }

    private static string Day(DateTime local) =>
        local.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Names(X509Certificate2 certificate)
    {
        var alternatives = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().ToArray();
        var names = alternatives.SelectMany(names => names.EnumerateDnsNames())
            .Concat(alternatives.SelectMany(names => names.EnumerateIPAddresses()).Select(ip => ip.ToString()))
            .ToArray();
        return names.Length > 0 ? string.Join(", ", names) : certificate.GetNameInfo(X509NameType.DnsName, forIssuer: false);
    }
}
