using ClickOrleans.Silo.Configuration;

namespace ClickOrleans.Silo.Hosting;

/// <summary>
/// A silo in a pod: named after it, and pronounced dead as soon as Kubernetes has deleted the pod. What it needs
/// (variables, labels, a role on pods) is in <c>deploy/kubernetes</c>.
/// </summary>
internal static class KubernetesHosting
{
    private const string Setting = $"{SiloClusterOptions.Section}:{nameof(SiloClusterOptions.Kubernetes)}";

    /// <summary>Kubernetes gives it to every container.</summary>
    private const string Api = "KUBERNETES_SERVICE_HOST";

    /// <summary>To be called for a silo of a cluster: one that is alone has no use for it.</summary>
    public static void UseKubernetes(this ISiloBuilder silo, IConfiguration configuration)
    {
        // Chosen before there are options; a text that is neither true nor false is an error when they are validated.
        if (bool.TryParse(configuration[Setting], out var chosen) ? chosen : !string.IsNullOrEmpty(configuration[Api]))
        {
            silo.UseKubernetesHosting();
        }
    }
}
