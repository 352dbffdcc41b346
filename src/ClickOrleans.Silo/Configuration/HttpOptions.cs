using System.ComponentModel.DataAnnotations;
using System.Net;
using ClickOrleans.Pipeline.Configuration;
using ClickOrleans.Pipeline.Control;

namespace ClickOrleans.Silo.Configuration;

/// <summary>Where the HTTP interface is bound and who may use it.</summary>
public sealed class HttpOptions : IValidated
{
    public const string Section = "ClickOrleans";

    private const string Localhost = "localhost";

    /// <summary>The address that the HTTP interface is bound to.</summary>
    /// <value>Default 127.0.0.1; IP addresses and <c>localhost</c>. Anything but loopback needs <see cref="ApiKey"/>.</value>
    [Required]
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>The port of the HTTP interface.</summary>
    /// <value>Default 5080; 1 to 65,535.</value>
    [Range(1, 65535)]
    public int Port { get; set; } = 5080;

    /// <summary>The key that callers of <c>/api</c> must show as <c>X-Api-Key</c> or bearer token. A secret.</summary>
    /// <value>Default none: no key is needed.</value>
    public string? ApiKey { get; set; }

    public IPAddress Address => Host == Localhost ? IPAddress.Loopback : IPAddress.Parse(Host);

    public bool HasApiKey => !string.IsNullOrEmpty(ApiKey);

    public IEnumerable<ValidationError> Validate()
    {
        if (ApiKey?.Any(char.IsControl) == true)
        {
            yield return new ValidationError(
                nameof(ApiKey), "holds a line break or another control character, which no request can show");
        }

        if (Host != Localhost && !IPAddress.TryParse(Host, out _))
        {
            yield return ValidationError.NotAllowed(nameof(Host), Host, "IP addresses and localhost");
        }
        else if (!IPAddress.IsLoopback(Address) && !HasApiKey)
        {
            yield return ValidationError.NotAllowed(
                nameof(Host), Host, $"loopback addresses; any other needs an API key: set {Section}:{nameof(ApiKey)}");
        }
    }
}
