using k8s;
using YamlDotNet.Serialization;

namespace ClickOrleans.Deploy.Tests.Kubernetes;

/// <summary>
/// The manifests as objects of Kubernetes' own client, read strictly: a field that the interface does not have is an error.
/// </summary>
internal static class Manifests
{
    private static readonly Dictionary<object, object> Kustomization = new DeserializerBuilder().Build()
        .Deserialize<Dictionary<object, object>>(Repository.Read("deploy", "kubernetes", "kustomization.yaml"));

    public static IReadOnlyList<string> Files { get; } = [.. ((List<object>)Kustomization["resources"]).Cast<string>()];

    public static IReadOnlyList<object> Objects { get; } = [.. Files.SelectMany(
        file => KubernetesYaml.LoadAllFromString(Repository.Read("deploy", "kubernetes", file), strict: true))];

    public static Dictionary<string, string> Settings => Repository.ReadPairs("deploy", "kubernetes", "settings.env");

    public static Dictionary<string, string> Secrets => Repository.ReadPairs("deploy", "kubernetes", "secrets.env.example");

    public static IEnumerable<string> ConfigMaps => Generated("configMapGenerator");

    public static IEnumerable<string> SecretNames => Generated("secretGenerator");

    /// <summary>Image names with the tags that they get.</summary>
    public static Dictionary<string, string> Images => ((List<object>)Kustomization["images"]).Cast<Dictionary<object, object>>()
        .ToDictionary(image => (string)image["name"], image => (string)image["newTag"]);

    public static T Single<T>() => Objects.OfType<T>().Single();

    private static IEnumerable<string> Generated(string key) =>
        ((List<object>)Kustomization[key]).Cast<Dictionary<object, object>>().Select(generator => (string)generator["name"]);
}
