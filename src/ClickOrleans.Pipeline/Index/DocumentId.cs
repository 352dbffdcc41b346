using System.Security.Cryptography;
using System.Text;

namespace ClickOrleans.Pipeline.Index;

/// <summary>
/// The id of the document of a page in a country: the same on every machine and for all time, so that indexing twice
/// overwrites and never adds.
/// </summary>
public static class DocumentId
{
    /// <summary>
    /// First 128 bits of SHA-256 over url, U+0000, country (U+0000 occurs in neither), as 32 hexadecimal digits.
    /// </summary>
    public static string Of(string url, string country)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{url}\0{country}"));
        return Convert.ToHexStringLower(hash.AsSpan(0, 16));
    }
}
