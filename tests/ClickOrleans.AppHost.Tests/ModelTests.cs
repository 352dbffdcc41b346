using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using ClickOrleans.Deploy;

namespace ClickOrleans.AppHost.Tests;

/// <summary>What the app host would start, for each way of choosing the servers; nothing is started.</summary>
public sealed class ModelTests
{
    private static readonly string[] Given =
    [
        "ConnectionStrings:kafka=localhost:9092",
        "ConnectionStrings:clickstream=Host=localhost;Database=clickstream",
        "ConnectionStrings:elasticsearch=http://localhost:9200",
    ];

    [Theory]
    [InlineData("Servers=embedded")]
    [InlineData("Servers=")]
    public async Task Embedded_or_without_a_choice_and_a_runtime_it_is_one_silo_alone(string choice)
    {
        await using var builder = await AppHostBuilder.CreateAsync(choice, AppHostBuilder.NoRuntime);

        Assert.Equal(["silo"], Names(builder.Resources));
        Assert.Equal(1, Replicas(builder.Resources));
    }

    [Fact]
    public async Task With_all_servers_given_it_is_three_silos_and_no_container()
    {
        await using var builder = await AppHostBuilder.CreateAsync([.. Given, AppHostBuilder.NoRuntime]);

        Assert.Equal(["clickstream", "elasticsearch", "kafka", "silo"], Names(builder.Resources));
        Assert.Empty(builder.Resources.OfType<ContainerResource>());
        Assert.Equal(3, Replicas(builder.Resources));
    }

    [Fact]
    public async Task A_given_server_replaces_the_embedded_one_alone()
    {
        await using var builder = await AppHostBuilder.CreateAsync("Servers=embedded", Given[0]);

        Assert.Equal(["kafka", "silo"], Names(builder.Resources));
        Assert.Equal(1, Replicas(builder.Resources));
    }

    [Fact]
    public async Task With_a_runtime_and_without_a_choice_it_is_three_silos_on_containers()
    {
        using var runtime = new ScriptProgram("exit 0");
        await using var builder = await AppHostBuilder.CreateAsync("Servers=", AppHostBuilder.Runtime(runtime));

        Assert.Equal(["elasticsearch", "kafka", "kafka-ui", "postgres"], Names(builder.Resources.OfType<ContainerResource>()));
        Assert.Equal(3, Replicas(builder.Resources));
        Assert.Equal(["clickstream", "elasticsearch", "kafka"], Waits(builder.Resources));
    }

    [Fact]
    public async Task A_given_server_replaces_its_container_alone()
    {
        using var runtime = new ScriptProgram("exit 0");
        await using var builder = await AppHostBuilder.CreateAsync(
            "Servers=containers", AppHostBuilder.Runtime(runtime), Given[1]);

        Assert.Equal(["elasticsearch", "kafka", "kafka-ui"], Names(builder.Resources.OfType<ContainerResource>()));
        Assert.Equal(["elasticsearch", "kafka"], Waits(builder.Resources));
        Assert.Equal(3, Replicas(builder.Resources));
    }

    [Fact]
    public async Task The_images_are_those_of_the_compose_files()
    {
        using var runtime = new ScriptProgram("exit 0");
        await using var builder = await AppHostBuilder.CreateAsync("Servers=containers", AppHostBuilder.Runtime(runtime));

        var images = builder.Resources.OfType<ContainerResource>()
            .ToDictionary(resource => resource.Name, resource => resource.TryGetContainerImageName(out var image) ? image : null);

        Assert.Equal(ServerImages.Kafka, images["kafka"]);
        Assert.Equal(ServerImages.KafkaUI, images["kafka-ui"]);
        Assert.Equal($"docker.io/{ServerImages.Postgres}", images["postgres"]);
        Assert.Equal(ServerImages.Elasticsearch, images["elasticsearch"]);
    }

    [Theory]
    [InlineData("Servers=containers", "no container runtime answers")]
    [InlineData("Servers=docker", "Servers is 'docker'; allowed are embedded and containers.")]
    public async Task What_cannot_be_done_ends_with_a_line_and_exit_code_2(string choice, string line)
    {
        var (exitCode, output) = await AppHostProgram.RunAsync(choice, AppHostBuilder.NoRuntime);

        Assert.Contains(line, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.Equal(2, exitCode);
    }

    private static IEnumerable<string> Names(IEnumerable<IResource> resources) => resources
        .Where(resource => resource is ProjectResource or ContainerResource or IResourceWithConnectionString)
        .Select(resource => resource.Name)
        .Order();

    private static int Replicas(IEnumerable<IResource> resources) => resources
        .Single(resource => resource.Name == "silo").Annotations.OfType<ReplicaAnnotation>().Single().Replicas;

    private static IEnumerable<string> Waits(IEnumerable<IResource> resources) => resources
        .Single(resource => resource.Name == "silo").Annotations.OfType<WaitAnnotation>()
        .Select(wait => wait.Resource.Name)
        .Except(["postgres"])
        .Order();
}
