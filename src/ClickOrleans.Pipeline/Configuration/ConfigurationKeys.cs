using ClickOrleans.Pipeline.Control;
using Microsoft.Extensions.Configuration;

namespace ClickOrleans.Pipeline.Configuration;

/// <summary>The keys that registered options know; any other below <c>ClickOrleans</c> is an error.</summary>
internal sealed class ConfigurationKeys
{
    public const string Section = "ClickOrleans";

    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    public void Add<T>(string section) => _known.UnionWith(OptionsBinder.Keys(typeof(T), section));

    public IEnumerable<ValidationError> Check(IConfiguration configuration) =>
        Leaves(configuration.GetSection(Section)).Where(key => !IsKnown(key)).Select(key => ValidationError.Unknown(key, _known));

    private static IEnumerable<string> Leaves(IConfigurationSection section)
    {
        var children = section.GetChildren().ToList();
        return children.Count > 0 ? children.SelectMany(Leaves) : section.Value is null ? [] : [section.Path];
    }

    private bool IsKnown(string key) =>
        _known.Contains(key)
        || _known.Any(known => known.EndsWith(':') && key.StartsWith(known, StringComparison.OrdinalIgnoreCase));
}
