using System.ComponentModel.DataAnnotations;

namespace ClickOrleans.Silo.Configuration;

/// <summary>When a silo is ready.</summary>
public sealed class HealthOptions
{
    public const string Section = "ClickOrleans";

    /// <summary>The oldest unprocessed click at which <c>/health/ready</c> still says yes.</summary>
    /// <value>Default 60 s; 1 s to 1 day.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxUnprocessedAge { get; set; } = TimeSpan.FromSeconds(60);
}
