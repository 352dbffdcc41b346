using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClickOrleans.Elasticsearch.Connection;

/// <summary>
/// The certificates of the CA file. A server's certificate must come from one of them: from a root, as .NET checks by itself, or
/// from an intermediate CA, which .NET would follow up to its root and not find that.
/// </summary>
internal sealed class PinnedAuthorities(X509Certificate2Collection certificates)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>What a chain has that ends below a root, and no other fault.</summary>
    private const X509ChainStatusFlags Rootless = X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot;

    public X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(certificates);
        return policy;
    }

    /// <summary>
    /// Whether a certificate of the file is in the chain, and everything from there down to the server's is right.
    /// </summary>
    /// <param name="shown">The chain that the server showed.</param>
    public bool Issued(X509Certificate2 server, X509Chain? shown)
    {
        using var chain = new X509Chain { ChainPolicy = Policy() };
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        chain.ChainPolicy.ExtraStore.AddRange(certificates);
        foreach (var element in shown?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        if (!chain.Build(server))
        {
            return false;
        }

        foreach (var element in chain.ChainElements)
        {
            if (element.ChainElementStatus.Any(status => (status.Status & ~Rootless) != X509ChainStatusFlags.NoError))
            {
                return false;
            }

            if (certificates.Any(pinned => pinned.RawDataMemory.Span.SequenceEqual(element.Certificate.RawDataMemory.Span)))
            {
                return true;
            }
        }

        return false;
    }
}
