using System.Security.Cryptography;
using System.Text;
using ClickOrleans.Silo.Hosting;

namespace ClickOrleans.Silo.Http;

/// <summary>Where an API key is set, everything but the health routes needs it, as <c>X-Api-Key</c> or as bearer token.</summary>
internal sealed class ApiKeyGuard(RequestDelegate next, Settings settings)
{
    private const string Bearer = "Bearer ";

    private readonly byte[]? _hash = string.IsNullOrEmpty(settings.Silo.ApiKey) ? null : Hash(settings.Silo.ApiKey);

    public Task InvokeAsync(HttpContext context)
    {
        if (_hash is null || context.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase) || IsRight(Shown(context.Request)))
        {
            return next(context);
        }

        return Results.Problem("An API key is needed: header X-Api-Key.", statusCode: StatusCodes.Status401Unauthorized).ExecuteAsync(context);
    }

    private static string? Shown(HttpRequest request)
    {
        if (request.Headers["X-Api-Key"].FirstOrDefault() is { } key)
        {
            return key;
        }

        var authorization = request.Headers.Authorization.FirstOrDefault();
        return authorization?.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) == true ? authorization[Bearer.Length..] : null;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>Compares hashes in constant time, so that neither content nor length leaks.</summary>
    private bool IsRight(string? key) => key is not null && CryptographicOperations.FixedTimeEquals(Hash(key), _hash);
}
