using System.Security.Cryptography;
using System.Text;
using ClickOrleans.Silo.Configuration;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Silo.Http;

/// <summary>
/// Protects what ASP.NET Core gives a browser to keep for it (a page's components, the token against forged forms) with keys
/// derived from the
/// API key: any silo takes what another gave, and no file of keys has to be kept or shared. Without an API key, and so on
/// loopback only, the
/// keys are drawn at start: what a silo gave is worth nothing after its restart, and pages load themselves again.
/// </summary>
internal sealed class DerivedProtection : IDataProtectionProvider, IDataProtector
{
    private const int Nonce = 12;
    private const int Tag = 16;

    private readonly byte[] _key;

    public DerivedProtection(IOptions<HttpOptions> http)
        : this(Derived.From(http.Value, "protection") ?? RandomNumberGenerator.GetBytes(32))
    {
    }

    private DerivedProtection(byte[] key) => _key = key;

    public IDataProtector CreateProtector(string purpose) =>
        new DerivedProtection(HKDF.Expand(HashAlgorithmName.SHA256, _key, 32, Encoding.UTF8.GetBytes(purpose)));

    public byte[] Protect(byte[] plaintext)
    {
        // A nonce must not come twice under one key: drawn at random, 2^32 messages are safe (NIST SP 800-38D, 8.3).
        var protectedData = new byte[Nonce + Tag + plaintext.Length];
        var nonce = protectedData.AsSpan(0, Nonce);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(_key, Tag);
        cipher.Encrypt(nonce, plaintext, protectedData.AsSpan(Nonce + Tag), protectedData.AsSpan(Nonce, Tag));
        return protectedData;
    }

    /// <exception cref="CryptographicException">It was protected by another key or changed since.</exception>
    public byte[] Unprotect(byte[] protectedData)
    {
        if (protectedData.Length < Nonce + Tag)
        {
            throw new CryptographicException("What is to be unprotected is too short.");
        }

        var plaintext = new byte[protectedData.Length - Nonce - Tag];
        using var cipher = new AesGcm(_key, Tag);
        cipher.Decrypt(
            protectedData.AsSpan(0, Nonce), protectedData.AsSpan(Nonce + Tag), protectedData.AsSpan(Nonce, Tag), plaintext);
        return plaintext;
    }
}
