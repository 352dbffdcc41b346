using System.ComponentModel.DataAnnotations;
using System.Net;

namespace ClickOrleans.Silo.Configuration;

/// <summary>The program's own settings, directly under <c>ClickOrleans</c>.</summary>
public sealed class SiloSettings : IValidatableObject
{
    public const string Section = "ClickOrleans";

    /// <summary>The folder of the embedded adapters' files, made if it is missing.</summary>
    /// <value>Default <c>data</c>, in the current folder.</value>
    [Required]
    public string Data { get; set; } = "data";

    /// <summary>The address that the HTTP interface is bound to: an IP address or <c>localhost</c>.</summary>
    /// <value>Default 127.0.0.1. Anything but loopback needs <see cref="ApiKey"/>.</value>
    [Required]
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>The port of the HTTP interface.</summary>
    /// <value>Default 5080; 1 to 65,535.</value>
    [Range(1, 65535)]
    public int Port { get; set; } = 5080;

    /// <summary>The key that callers of <c>/api</c> must show as <c>X-Api-Key</c> or bearer token. A secret.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The oldest unprocessed click at which <c>/health/ready</c> still says yes.</summary>
    /// <value>Default 60 s; 1 s to 1 day.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxUnprocessedAge { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a start waits for the log and the store to answer.</summary>
    /// <value>Default 60 s; 0 to 1 h.</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The partitions that the embedded log is made with; it can be raised later, never lowered.</summary>
    /// <value>Default 4; 1 to 1,024.</value>
    [Range(1, 1024)]
    public int Partitions { get; set; } = 4;

    public IPAddress Address => Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(Host);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Host != "localhost" && !IPAddress.TryParse(Host, out _))
        {
            yield return new ValidationResult("allowed are an IP address or localhost", [nameof(Host)]);
        }
        else if (!IPAddress.IsLoopback(Address) && string.IsNullOrEmpty(ApiKey))
        {
            yield return new ValidationResult(
                $"anything but loopback needs an API key: set {Section}:{nameof(ApiKey)}", [nameof(Host)]);
        }
    }
}
