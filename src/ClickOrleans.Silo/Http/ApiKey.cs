using System.Security.Cryptography;
using System.Text;
using ClickOrleans.Silo.Configuration;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Silo.Http;

/// <summary>The key that callers must show, where one is set.</summary>
internal sealed class ApiKey(IOptions<HttpOptions> http)
{
    private readonly byte[]? _hash = http.Value.HasApiKey ? Hash(http.Value.ApiKey!) : null;

    public bool IsSet => _hash is not null;

    /// <summary>Compares hashes in constant time, so that neither content nor length leaks.</summary>
    public bool IsRight(string? key) => key is not null && CryptographicOperations.FixedTimeEquals(Hash(key), _hash);

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
