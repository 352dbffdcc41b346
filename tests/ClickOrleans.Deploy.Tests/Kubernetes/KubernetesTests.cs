using k8s.Models;

namespace ClickOrleans.Deploy.Tests.Kubernetes;

public sealed class KubernetesTests
{
    /// <summary>What Orleans' Kubernetes hosting asks of a pod (KubernetesHostingOptions).</summary>
    private static readonly Dictionary<string, string> Fields = new()
    {
        ["POD_NAME"] = "metadata.name",
        ["POD_NAMESPACE"] = "metadata.namespace",
        ["POD_IP"] = "status.podIP",
        ["Orleans__Endpoints__AdvertisedIPAddress"] = "status.podIP",
        ["ORLEANS_SERVICE_ID"] = "metadata.labels['orleans/serviceId']",
        ["ORLEANS_CLUSTER_ID"] = "metadata.labels['orleans/clusterId']",
    };

    private static V1PodTemplateSpec Pod => Manifests.Single<V1Deployment>().Spec.Template;

    private static V1Container Silo => Pod.Spec.Containers.Single();

    [Fact]
    public void Every_manifest_is_among_the_kustomization_s_resources() => Assert.Equal(
        Manifests.Files.Append("kustomization.yaml").Order(),
        Directory.GetFiles(Repository.PathOf("deploy", "kubernetes"), "*.yaml").Select(Path.GetFileName).Order());

    [Fact]
    public void A_field_that_Kubernetes_does_not_have_is_an_error() => Assert.ThrowsAny<Exception>(
        () => k8s.KubernetesYaml.LoadAllFromString(
            Repository.Read("deploy", "kubernetes", "deployment.yaml")
                .Replace("readinessProbe", "readynessProbe", StringComparison.Ordinal),
            strict: true));

    [Fact]
    public void The_silo_is_told_only_what_it_knows()
    {
        var environment = new Dictionary<string, string>(Manifests.Settings);
        foreach (var variable in Silo.Env)
        {
            environment.Add(variable.Name, variable.Value ?? GivenByTheCluster(variable.Name));
        }

        Assert.Empty(SiloEnvironment.Faults(environment));
        Assert.Equal("AdoNet", environment["Orleans__Clustering__ProviderType"]);
    }

    /// <summary>An example of what a field or a secret gives.</summary>
    private static string GivenByTheCluster(string name) => name switch
    {
        "Orleans__Endpoints__AdvertisedIPAddress" => "10.0.0.1",
        "ConnectionStrings__clickstream" => "Host=postgres;Username=clicks;Password=given;Database=clicks",
        _ => "$(given)",
    };

    [Fact]
    public void What_a_pod_refers_to_is_there()
    {
        Assert.All(Silo.EnvFrom, source => Assert.Contains(source.ConfigMapRef.Name, Manifests.ConfigMaps));
        foreach (var reference in Silo.Env.Select(variable => variable.ValueFrom?.SecretKeyRef).OfType<V1SecretKeySelector>())
        {
            Assert.Contains(reference.Name, Manifests.SecretNames);
            Assert.Contains(reference.Key, Manifests.Secrets.Keys);
        }

        Assert.All(Silo.VolumeMounts, mount => Assert.Contains(mount.Name, Pod.Spec.Volumes.Select(volume => volume.Name)));
        Assert.All(
            Pod.Spec.Volumes.Select(volume => volume.ConfigMap).OfType<V1ConfigMapVolumeSource>(),
            source => Assert.Contains(source.Name, Manifests.ConfigMaps));
        Assert.Equal(Manifests.Single<V1ServiceAccount>().Metadata.Name, Pod.Spec.ServiceAccountName);
    }

    [Fact]
    public void Every_secret_is_used_has_no_default_and_is_in_no_other_file()
    {
        Assert.All(Manifests.Secrets.Values, Assert.Empty);
        Assert.Equal(
            Manifests.Secrets.Keys.Order(),
            Silo.Env.Select(variable => variable.ValueFrom?.SecretKeyRef?.Key).OfType<string>().Order());
        Assert.Empty(Manifests.Secrets.Keys.Intersect(Manifests.Settings.Keys));
        Assert.Empty(Manifests.Objects.OfType<V1Secret>());
    }

    [Fact]
    public void The_image_is_the_one_that_is_published_with_an_exact_version()
    {
        var image = $"{Silo.Image}:{Manifests.Images[Silo.Image]}";

        Assert.Equal(Images.Silo, image);
        Assert.True(Images.IsPinned(image));
    }

    [Fact]
    public void Ports_are_those_of_the_image_and_of_the_settings()
    {
        var ports = Silo.Ports.ToDictionary(port => port.Name, port => port.ContainerPort);

        Assert.Equal(Images.SiloPorts, [ports["http"], ports["silo"]]);
        Assert.Equal(Manifests.Settings["ClickOrleans__Port"], $"{ports["http"]}");
        Assert.Equal(Manifests.Settings["Orleans__Endpoints__SiloPort"], $"{ports["silo"]}");
        Assert.All(Manifests.Single<V1Service>().Spec.Ports, port => Assert.Contains(port.TargetPort.Value, ports.Keys));
        Assert.All(
            new[] { Silo.StartupProbe, Silo.LivenessProbe, Silo.ReadinessProbe },
            probe => Assert.Equal("http", probe.HttpGet.Port.Value));
        var policy = Manifests.Single<V1NetworkPolicy>().Spec;
        Assert.Equal(
            ports.Values.Order(),
            policy.Ingress.SelectMany(rule => rule.Ports).Select(port => int.Parse(port.Port.Value)).Order());
    }

    [Fact]
    public void What_the_silo_connects_to_is_let_out()
    {
        var allowed = Manifests.Single<V1NetworkPolicy>().Spec.Egress
            .SelectMany(rule => rule.Ports)
            .Select(port => port.Port.Value)
            .ToList();

        Assert.Contains(Manifests.Settings["ConnectionStrings__kafka"].Split(':')[^1], allowed);
        Assert.Contains($"{new Uri(Manifests.Settings["ConnectionStrings__elasticsearch"]).Port}", allowed);
        Assert.Contains($"{new Uri(Manifests.Settings["OTEL_EXPORTER_OTLP_ENDPOINT"]).Port}", allowed);
        Assert.Contains("5432", allowed);
        Assert.Contains(Manifests.Settings["Orleans__Endpoints__SiloPort"], allowed);
        Assert.Contains("53", allowed);
    }

    [Fact]
    public void The_CA_is_mounted_where_the_silo_looks_for_it()
    {
        var mount = Silo.VolumeMounts.Single(mount => mount.Name == "elasticsearch-ca");

        Assert.Equal($"{mount.MountPath}/http_ca.crt", Manifests.Settings["ClickOrleans__Elasticsearch__CertificateAuthority"]);
        Assert.True(mount.ReadOnlyProperty);
    }

    [Fact]
    public void A_silo_has_the_time_to_hand_over_and_to_start()
    {
        Assert.True(TimeSpan.FromSeconds(Pod.Spec.TerminationGracePeriodSeconds!.Value) > StopTimeout.Value);
        var startTimeout = new ClickOrleans.Pipeline.Composition.StartupOptions().StartTimeout;
        Assert.True(
            TimeSpan.FromSeconds(Silo.StartupProbe.PeriodSeconds!.Value * Silo.StartupProbe.FailureThreshold!.Value)
                > startTimeout);
    }

    [Fact]
    public void Orleans_finds_its_pods_and_may_ask_for_them()
    {
        Assert.All(Fields, field => Assert.Equal(
            field.Value, Silo.Env.Single(variable => variable.Name == field.Key).ValueFrom.FieldRef.FieldPath));
        Assert.Contains("orleans/serviceId", Pod.Metadata.Labels.Keys);
        Assert.Contains("orleans/clusterId", Pod.Metadata.Labels.Keys);
        var rule = Assert.Single(Manifests.Single<V1Role>().Rules);
        Assert.Equal(["pods"], rule.Resources);
        Assert.Equal(["get", "list", "patch", "watch"], rule.Verbs.Order());
        var binding = Manifests.Single<V1RoleBinding>();
        Assert.Equal(Manifests.Single<V1Role>().Metadata.Name, binding.RoleRef.Name);
        Assert.Equal(Pod.Spec.ServiceAccountName, Assert.Single(binding.Subjects).Name);
    }

    [Fact]
    public void Every_selector_selects_the_silos()
    {
        var selectors = new[]
        {
            Manifests.Single<V1Deployment>().Spec.Selector.MatchLabels,
            Manifests.Single<V1Service>().Spec.Selector,
            Manifests.Single<V1PodDisruptionBudget>().Spec.Selector.MatchLabels,
            Manifests.Single<V1NetworkPolicy>().Spec.PodSelector.MatchLabels,
            Pod.Spec.TopologySpreadConstraints.Single().LabelSelector.MatchLabels,
        };

        Assert.All(selectors, selector =>
        {
            Assert.NotEmpty(selector);
            Assert.All(selector, label => Assert.Equal(label.Value, Pod.Metadata.Labels[label.Key]));
        });
    }

    [Fact]
    public void A_silo_runs_without_privileges_as_the_image_s_user()
    {
        Assert.Equal(Images.Property("ContainerUser"), $"{Pod.Spec.SecurityContext.RunAsUser}");
        Assert.True(Pod.Spec.SecurityContext.RunAsNonRoot);
        Assert.True(Silo.SecurityContext.ReadOnlyRootFilesystem);
        Assert.False(Silo.SecurityContext.AllowPrivilegeEscalation);
        Assert.Equal(["ALL"], Silo.SecurityContext.Capabilities.Drop);
    }

    [Fact]
    public void At_most_one_silo_is_taken_away_at_a_time()
    {
        var budget = Manifests.Single<V1PodDisruptionBudget>().Spec;

        Assert.Equal("1", budget.MaxUnavailable.Value);
        Assert.Equal("0", Manifests.Single<V1Deployment>().Spec.Strategy.RollingUpdate.MaxUnavailable.Value);
        Assert.True(Manifests.Single<V1Deployment>().Spec.Replicas >= 3);
    }
}
