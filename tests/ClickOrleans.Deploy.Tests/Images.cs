using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ClickOrleans.Deploy.Tests;

/// <summary>What may stand for an image in a manifest, and what the silo's own is.</summary>
internal static partial class Images
{
    private static readonly XDocument Project =
        XDocument.Load(Repository.PathOf("src", "ClickOrleans.Silo", "ClickOrleans.Silo.csproj"));

    /// <summary>The name and version under which the silo's image is published.</summary>
    public static string SiloName => Property("ContainerRepository");

    public static string Silo => $"{SiloName}:{Property("Version")}";

    public static IReadOnlyList<int> SiloPorts =>
        [.. Project.Descendants("ContainerPort").Select(port => (int)port.Attribute("Include")!)];

    public static string Property(string name) => Project.Descendants(name).Single().Value;

    /// <summary>A tag with a version to the last digit: <c>latest</c>, <c>17</c> and none at all move.</summary>
    public static bool IsPinned(string image) => Pinned().IsMatch(image);

    /// <summary>PostgreSQL's versions have two numbers, the others' three.</summary>
    [GeneratedRegex(@"^(postgres:\d+\.\d+|[a-z0-9./-]+:v?\d+\.\d+\.\d+)$")]
    private static partial Regex Pinned();
}
