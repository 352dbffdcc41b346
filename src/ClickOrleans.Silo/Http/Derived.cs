using System.Security.Cryptography;
using System.Text;
using ClickOrleans.Silo.Configuration;

namespace ClickOrleans.Silo.Http;

/// <summary>
/// Keys derived from the API key (HKDF, RFC 5869): the same on every silo, and from none the API key can be found but by
/// guessing it.
/// </summary>
internal static class Derived
{
    private const int Length = 32;

    /// <returns>Null where there is no API key.</returns>
    public static byte[]? From(HttpOptions http, string purpose) =>
        http.HasApiKey
            ? HKDF.DeriveKey(
                HashAlgorithmName.SHA256,
                Encoding.UTF8.GetBytes(http.ApiKey!),
                Length,
                info: Encoding.ASCII.GetBytes($"clickorleans dashboard {purpose}"))
            : null;
}
