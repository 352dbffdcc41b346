using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace ClickOrleans.Deploy.Tests.Compose;

/// <summary>A compose file, its anchors merged; what it includes is in it.</summary>
internal sealed class ComposeFile
{
    public static readonly string[] All = ["kafka.yml", "postgres.yml", "elastic.yml", "cluster.yml"];

    private readonly Dictionary<object, object> _root;
    private readonly List<ComposeFile> _included;

    private ComposeFile(string name)
    {
        Name = name;
        Text = Repository.Read("deploy", name);
        _root = new DeserializerBuilder().Build()
            .Deserialize<Dictionary<object, object>>(new MergingParser(new Parser(new StringReader(Text))));
        _included = [.. List(_root, "include").Select(Load)];
    }

    public string Name { get; }

    public string Text { get; }

    /// <summary>By name, those of included files among them.</summary>
    public Dictionary<string, Dictionary<object, object>> Services => Own("services")
        .Concat(_included.SelectMany(file => file.Services))
        .ToDictionary(pair => pair.Key, pair => pair.Value);

    public IEnumerable<string> Volumes =>
        Map(_root, "volumes").Keys.Cast<string>().Concat(_included.SelectMany(file => file.Volumes));

    /// <summary>Those of the silo's image.</summary>
    public IEnumerable<KeyValuePair<string, Dictionary<object, object>>> Silos =>
        Services.Where(service => ((string)service.Value["image"]).StartsWith(Images.SiloName, StringComparison.Ordinal));

    public static ComposeFile Load(string name) => new(name);

    public static Dictionary<object, object> Map(Dictionary<object, object> node, string key) =>
        node.GetValueOrDefault(key) as Dictionary<object, object> ?? [];

    public static IEnumerable<string> List(Dictionary<object, object> node, string key) =>
        node.GetValueOrDefault(key) is List<object> list ? list.Cast<string>() : [];

    public static Dictionary<string, string> Environment(Dictionary<object, object> service) =>
        Map(service, "environment").ToDictionary(pair => (string)pair.Key, pair => (string)pair.Value);

    private IEnumerable<KeyValuePair<string, Dictionary<object, object>>> Own(string key) =>
        Map(_root, key).Select(pair => KeyValuePair.Create((string)pair.Key, (Dictionary<object, object>)pair.Value));
}
