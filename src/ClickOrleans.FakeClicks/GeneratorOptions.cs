using System.ComponentModel.DataAnnotations;

namespace ClickOrleans.FakeClicks;

/// <summary>Whom and what the fake clicks are about.</summary>
public sealed class GeneratorOptions
{
    public const string Section = "ClickOrleans:Generator";
    public const int DefaultVisitors = 10_000;
    public const int DefaultPages = 200;
    public const int DefaultSeed = 1;

    /// <summary>How many visitors there are.</summary>
    /// <value>Default 10,000; 1 to 1,000,000.</value>
    [Range(1, 1_000_000)]
    public int Visitors { get; set; } = DefaultVisitors;

    /// <summary>How many pages the site has.</summary>
    /// <value>Default 200; 1 to 100,000.</value>
    [Range(1, 100_000)]
    public int Pages { get; set; } = DefaultPages;

    /// <summary>The same seed makes the same visitors and pages, and for each producer the same walk through them.</summary>
    /// <value>Default 1; 0 to 2,147,483,647.</value>
    [Range(0, int.MaxValue)]
    public int Seed { get; set; } = DefaultSeed;
}
