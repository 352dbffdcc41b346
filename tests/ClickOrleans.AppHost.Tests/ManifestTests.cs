using System.Text.Json;
using ClickOrleans.Deploy;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.AppHost.Tests;

/// <summary>What would be deployed, written by the app host itself; containers are not run here.</summary>
public sealed class ManifestTests : IClassFixture<ManifestTests.Manifest>
{
    private readonly Manifest _manifest;

    public ManifestTests(Manifest manifest) => _manifest = manifest;

    [Theory]
    [InlineData("kafka", ServerImages.Kafka, "clickorleans-kafka", "/var/lib/kafka/data")]
    [InlineData("postgres", $"docker.io/{ServerImages.Postgres}", "clickorleans-postgres", "/var/lib/postgresql/data")]
    [InlineData("elasticsearch", ServerImages.Elasticsearch, "clickorleans-elasticsearch", "/usr/share/elasticsearch/data")]
    public void A_server_has_its_image_and_a_named_volume(string server, string image, string volume, string target)
    {
        var resource = _manifest.Resource(server);

        Assert.Equal(image, resource.GetProperty("image").GetString());
        var mount = Assert.Single(resource.GetProperty("volumes").EnumerateArray());
        Assert.Equal((volume, target), (mount.GetProperty("name").GetString(), mount.GetProperty("target").GetString()));
    }

    [Fact]
    public void No_secret_is_in_it()
    {
        Assert.DoesNotContain("ofatest", _manifest.Text, StringComparison.Ordinal);
        foreach (var parameter in new[] { "postgres-password", "elasticsearch-password", "api-key" })
        {
            var input = _manifest.Resource(parameter).GetProperty("inputs").GetProperty("value");
            Assert.True(input.GetProperty("secret").GetBoolean(), parameter);
        }
    }

    [Fact]
    public void The_silo_is_told_its_servers_its_cluster_and_its_key()
    {
        var environment = _manifest.Resource("silo").GetProperty("env");

        foreach (var name in new[] { "kafka", "clickstream", "elasticsearch" })
        {
            Assert.Equal($"{{{name}.connectionString}}", environment.GetProperty($"ConnectionStrings__{name}").GetString());
        }

        foreach (var section in new[] { "Clustering", "Reminders", "GrainStorage__Default" })
        {
            Assert.Equal("AdoNet", environment.GetProperty($"Orleans__{section}__ProviderType").GetString());
        }

        Assert.Equal("{api-key.value}", environment.GetProperty("ClickOrleans__ApiKey").GetString());
        Assert.False(environment.TryGetProperty("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", out _));
    }

    [Fact]
    public void Tools_for_development_are_not() => Assert.False(_manifest.Has("kafka-ui"));

    public sealed class Manifest : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();
        private JsonElement _resources;

        public string Text { get; private set; } = "";

        public JsonElement Resource(string name) => _resources.GetProperty(name);

        public bool Has(string name) => _resources.TryGetProperty(name, out _);

        public async ValueTask InitializeAsync()
        {
            var path = _folder.File("manifest.json");
            var (exitCode, output) = await AppHostProgram.RunAsync(
                ["--operation", "publish", "--step", "publish-manifest", "--output-path", path, .. AppHostBuilder.Secrets]);
            Assert.True(exitCode == 0 && File.Exists(path), output);
            Text = await File.ReadAllTextAsync(path);
            _resources = JsonSerializer.Deserialize<JsonElement>(Text).GetProperty("resources");
        }

        public ValueTask DisposeAsync()
        {
            _folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
