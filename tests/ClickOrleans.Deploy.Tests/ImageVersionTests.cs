using System.Text.RegularExpressions;
using ClickOrleans.Deploy.Tests.Compose;

namespace ClickOrleans.Deploy.Tests;

/// <summary>
/// App host and tests run the images that the compose files name: <c>deploy/ServerImages.cs</c> is compiled into both.
/// </summary>
public sealed class ImageVersionTests
{
    private static IReadOnlyList<string> All =>
        [.. typeof(ServerImages).GetFields().Select(constant => (string)constant.GetRawConstantValue()!)];

    [Theory]
    [InlineData("kafka", ServerImages.Kafka)]
    [InlineData("postgres", ServerImages.Postgres)]
    [InlineData("elastic-certs", ServerImages.Elasticsearch)]
    [InlineData("elasticsearch", ServerImages.Elasticsearch)]
    [InlineData("dashboard", ServerImages.Dashboard)]
    public void A_compose_service_runs_the_image_of_the_app_host_and_the_tests(string service, string image) =>
        Assert.Equal(image, ComposeFile.Load("cluster.yml").Services[service]["image"]);

    [Fact]
    public void Every_server_of_the_compose_files_is_compared()
    {
        var servers = ComposeFile.Load("cluster.yml").Services
            .Where(service => service.Value["image"] is not string image || image != Images.Silo)
            .Select(service => service.Key);

        Assert.Equal(["dashboard", "elastic-certs", "elasticsearch", "kafka", "postgres"], servers.Order());
    }

    [Fact]
    public void Every_image_has_an_exact_version()
    {
        Assert.NotEmpty(All);
        Assert.All(All, image => Assert.True(Images.IsPinned(image), image));
    }

    [Fact]
    public void Compose_and_Kubernetes_run_the_silo_that_is_published_here()
    {
        Assert.All(ComposeFile.Load("cluster.yml").Silos, silo => Assert.Equal(Images.Silo, silo.Value["image"]));
        Assert.Equal(Images.Silo, $"{Images.SiloName}:{Kubernetes.Manifests.Images[Images.SiloName]}");
    }

    /// <summary>A version that another file names would be a second place.</summary>
    [Fact]
    public void No_other_source_file_names_a_version()
    {
        var names = All.Select(image => Regex.Escape(image.Split(':')[0])).Distinct();
        var versioned = new Regex($@"({string.Join('|', names)}):v?\d+\.\d+", RegexOptions.None, TimeSpan.FromSeconds(10));
        var files = new[] { "src", "tests", "aspire", "deploy" }
            .SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".cs" or ".csproj" or ".yml" or ".yaml")
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(part => part is "bin" or "obj"));

        var naming = files.Where(file => versioned.IsMatch(Repository.Read(file.Split('/'))));

        // Compose's own tests name versions that are not exact, to see them refused.
        Assert.Equal(
            [
                "deploy/ServerImages.cs", "deploy/cluster.yml", "deploy/elastic.yml", "deploy/kafka.yml", "deploy/postgres.yml",
                "tests/ClickOrleans.Deploy.Tests/Compose/ComposeTests.cs",
            ],
            naming.Order(StringComparer.Ordinal));
    }
}
