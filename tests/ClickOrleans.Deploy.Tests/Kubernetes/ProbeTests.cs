using ClickOrleans.Testing.Silos;
using ClickOrleans.Testing;

namespace ClickOrleans.Deploy.Tests.Kubernetes;

/// <summary>The manifest's probes against a silo that listens as it does in the image.</summary>
public sealed class ProbeTests
{
    [Fact]
    public async Task In_a_container_it_listens_on_the_image_s_port_and_answers_the_manifests_probes()
    {
        using var folder = new TemporaryFolder();
        var port = SiloProcess.FreePort();
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_HTTP_PORTS"] = $"{port}",
            ["ClickOrleans__ApiKey"] = "key",
        };
        environment["ClickOrleans__Data"] = folder.Path;
        await using var silo = SiloProcess.Start(port, environment);
        await silo.WaitUntilReadyAsync();

        Assert.Contains($"http://0.0.0.0:{port}/", silo.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("warn:", silo.Output, StringComparison.Ordinal);
        var probes = Manifests.Single<k8s.Models.V1Deployment>().Spec.Template.Spec.Containers.Single();
        foreach (var probe in new[] { probes.StartupProbe, probes.LivenessProbe, probes.ReadinessProbe })
        {
            var path = new Uri(probe.HttpGet.Path, UriKind.Relative);
            await Poll.UntilAsync(async () => (await silo.Http.GetAsync(path)).IsSuccessStatusCode, () => silo.Output);
        }

        Assert.Equal(0, (await SiloProcess.CommandAsync(["health"], environment)).ExitCode);
        Assert.Equal(0, (await SiloProcess.CommandAsync(["health", "--live", "--port", $"{port}"])).ExitCode);
        Assert.Equal(
            System.Net.HttpStatusCode.Unauthorized,
            (await silo.Http.GetAsync(new Uri("/api/status", UriKind.Relative))).StatusCode);
    }
}
