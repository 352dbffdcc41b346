using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClickOrleans.Silo.Configuration;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Silo.Http;

/// <summary>
/// What a browser shows after its visitor has shown the API key: an end time and a signature, whose key is derived from the API
/// key. Every
/// silo with the same API key knows it, before and after a restart, and nothing is kept anywhere; another API key ends every
/// session.
/// </summary>
internal sealed class DashboardSession(IOptions<HttpOptions> http, TimeProvider time)
{
    public const string Cookie = "clickorleans";

    public static readonly TimeSpan Duration = TimeSpan.FromHours(12);

    private readonly byte[]? _key = Derived.From(http.Value, "session");

    /// <summary>False: there is no API key, and everybody who reaches the silo may look.</summary>
    public bool IsNeeded => _key is not null;

    /// <exception cref="InvalidOperationException">There is no API key.</exception>
    public string Begin()
    {
        var end = (time.GetUtcNow() + Duration).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"{end}.{Sign(end)}";
    }

    public bool IsRight(string? cookie)
    {
        var parts = cookie?.Split('.') ?? [];
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var end)
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Sign(parts[0])), Encoding.ASCII.GetBytes(parts[1]))
            && time.GetUtcNow().ToUnixTimeSeconds() < end;
    }

    private string Sign(string end) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(
            _key ?? throw new InvalidOperationException("There is no API key."), Encoding.ASCII.GetBytes(end)));
}
