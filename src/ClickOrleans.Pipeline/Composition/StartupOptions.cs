using System.ComponentModel.DataAnnotations;

namespace ClickOrleans.Pipeline.Composition;

/// <summary>How a start waits for its servers.</summary>
public sealed class StartupOptions
{
    public const string Section = "ClickOrleans";

    /// <summary>How long a start waits for the log and the store to answer.</summary>
    /// <value>Default 60 s; 0 to 1 h.</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(60);
}
