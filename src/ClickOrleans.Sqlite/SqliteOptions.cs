using System.ComponentModel.DataAnnotations;

namespace ClickOrleans.Sqlite;

/// <summary>Where the embedded log, store and index keep their files.</summary>
public sealed class SqliteOptions
{
    public const string Section = "ClickOrleans";

    /// <summary>The folder of the files, made if it is missing; relative to the current folder.</summary>
    /// <value>Default <c>data</c>.</value>
    [Required]
    public string Data { get; set; } = "data";

    /// <summary>The partitions that the embedded log is made with; it can be raised later, never lowered.</summary>
    /// <value>Default 4; 1 to 1,024.</value>
    [Range(1, 1024)]
    public int Partitions { get; set; } = 4;
}
