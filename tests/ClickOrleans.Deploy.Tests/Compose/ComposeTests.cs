using System.Globalization;
using System.Text.RegularExpressions;

namespace ClickOrleans.Deploy.Tests.Compose;

public sealed partial class ComposeTests
{
    public static TheoryData<string> Files => [.. ComposeFile.All];

    [Fact]
    public void Every_compose_file_is_known_to_these_tests() => Assert.Equal(
        ComposeFile.All.Order(), Directory.GetFiles(Repository.PathOf("deploy"), "*.yml").Select(Path.GetFileName).Order());

    [Theory]
    [MemberData(nameof(Files))]
    public void What_a_service_refers_to_is_there(string name)
    {
        var file = ComposeFile.Load(name);

        Assert.NotEmpty(file.Services);
        foreach (var (service, node) in file.Services)
        {
            Assert.All(ComposeFile.Map(node, "depends_on").Keys, other => Assert.Contains((string)other, file.Services.Keys));
            Assert.All(ComposeFile.List(node, "volumes"), volume => Assert.Contains(volume.Split(':')[0], file.Volumes));
            Assert.All(
                ComposeFile.Map(node, "depends_on"),
                other => Assert.True(
                    (string)ComposeFile.Map(ComposeFile.Map(node, "depends_on"), (string)other.Key)["condition"]
                            != "service_healthy"
                        || file.Services[(string)other.Key].ContainsKey("healthcheck"),
                    $"{service} waits for the health of {other.Key}, which has no check"));
        }

        Assert.All(file.Volumes, volume => Assert.Contains(
            file.Services.Values.SelectMany(service => ComposeFile.List(service, "volumes")),
            mount => mount.Split(':')[0] == volume));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_image_has_an_exact_version(string name) => Assert.All(
        ComposeFile.Load(name).Services.Values,
        service => Assert.True(Images.IsPinned((string)service["image"]), (string)service["image"]));

    [Theory]
    [InlineData("postgres")]
    [InlineData("postgres:17")]
    [InlineData("apache/kafka:latest")]
    [InlineData("apache/kafka:4.1")]
    [InlineData("clickorleans/silo:${VERSION}")]
    public void A_tag_that_moves_is_none(string image) => Assert.False(Images.IsPinned(image));

    [Theory]
    [MemberData(nameof(Files))]
    public void Secrets_are_asked_for_and_have_no_default(string name)
    {
        var file = ComposeFile.Load(name);
        var example = Repository.ReadPairs("deploy", ".env.example");

        Assert.All(example.Values, Assert.Empty);
        foreach (var variable in Interpolation().Matches(file.Text.Replace("$$", "", StringComparison.Ordinal))
            .Select(match => match.Value))
        {
            var demanded = Demanded().Match(variable);
            Assert.True(demanded.Success, $"{variable} has a default, or may be missing");
            Assert.Contains(demanded.Groups[1].Value, example.Keys);
        }

        foreach (var (key, value) in file.Services.Values.SelectMany(ComposeFile.Environment)
            .Where(pair => IsSecret(pair.Key, pair.Value)))
        {
            Assert.True(Demanded().IsMatch(value), $"{key} stands in {name}");
        }
    }

    [Fact]
    public void Every_secret_of_the_example_is_used() => Assert.All(
        Repository.ReadPairs("deploy", ".env.example").Keys,
        secret => Assert.Contains(
            ComposeFile.All, name => ComposeFile.Load(name).Text.Contains($"${{{secret}:?", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Files))]
    public void Ports_are_published_on_loopback_only(string name) => Assert.All(
        ComposeFile.Load(name).Services.Values.SelectMany(service => ComposeFile.List(service, "ports")),
        port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));

    [Fact]
    public void The_cluster_is_three_silos_of_the_image_that_is_published_here()
    {
        var silos = ComposeFile.Load("cluster.yml").Silos.ToList();

        Assert.Equal(3, silos.Count);
        Assert.All(silos, silo => Assert.Equal(Images.Silo, silo.Value["image"]));
        Assert.Equal(3, silos.Select(silo => ComposeFile.Environment(silo.Value)["Orleans__Name"]).Distinct().Count());
        Assert.Equal(3, silos.SelectMany(silo => ComposeFile.List(silo.Value, "ports")).Distinct().Count());
    }

    [Fact]
    public void Silos_are_told_only_what_they_know() => Assert.All(
        ComposeFile.Load("cluster.yml").Silos, silo => Assert.Empty(SiloEnvironment.Faults(ComposeFile.Environment(silo.Value))));

    [Fact]
    public void Ports_are_those_of_the_image()
    {
        foreach (var (_, silo) in ComposeFile.Load("cluster.yml").Silos)
        {
            var environment = ComposeFile.Environment(silo);
            var published = ComposeFile.List(silo, "ports").Single().Split(':')[^1];
            Assert.Equal(environment["ClickOrleans__Port"], published);
            Assert.Equal(
                Images.SiloPorts,
                [Number(environment["ClickOrleans__Port"]), Number(environment["Orleans__Endpoints__SiloPort"])]);
        }
    }

    [Fact]
    public void Servers_are_addressed_by_their_services_names_and_ports()
    {
        var file = ComposeFile.Load("cluster.yml");
        var environment = ComposeFile.Environment(file.Silos.First().Value);

        Assert.Contains(
            $"BROKER://{environment["ConnectionStrings__kafka"]}",
            ComposeFile.Environment(file.Services["kafka"])["KAFKA_ADVERTISED_LISTENERS"],
            StringComparison.Ordinal);
        var postgres = ComposeFile.Environment(file.Services["postgres"]);
        Assert.Equal(
            $"Host=postgres;Username={postgres["POSTGRES_USER"]};Password={postgres["POSTGRES_PASSWORD"]};"
                + $"Database={postgres["POSTGRES_DB"]};Maximum Pool Size=40",
            environment["ConnectionStrings__clickstream"]);
        Assert.Equal("https://elasticsearch:9200", environment["ConnectionStrings__elasticsearch"]);
        Assert.Equal(
            environment["ELASTIC_PASSWORD"], ComposeFile.Environment(file.Services["elasticsearch"])["ELASTIC_PASSWORD"]);
        Assert.Equal("true", ComposeFile.Environment(file.Services["elasticsearch"])["xpack.security.http.ssl.enabled"]);
        Assert.Contains(
            "--dns elasticsearch,",
            ComposeFile.List(file.Services["elastic-certs"], "command").Single(),
            StringComparison.Ordinal);
        Assert.Equal("http://dashboard:18889", environment["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        Assert.Equal(
            $"x-otlp-api-key={ComposeFile.Environment(file.Services["dashboard"])["DASHBOARD__OTLP__PRIMARYAPIKEY"]}",
            environment["OTEL_EXPORTER_OTLP_HEADERS"]);
    }

    [Fact]
    public void The_CA_is_mounted_where_the_silo_looks_for_it_and_no_key_with_it()
    {
        foreach (var (_, silo) in ComposeFile.Load("cluster.yml").Silos)
        {
            var mount = Assert.Single(ComposeFile.List(silo, "volumes"));
            Assert.Equal("elastic-ca:/ca:ro", mount);
            Assert.Equal("/ca/http_ca.crt", ComposeFile.Environment(silo)["ClickOrleans__Elasticsearch__CertificateAuthority"]);
        }

        var certificates = ComposeFile.Load("elastic.yml").Services["elastic-certs"];
        Assert.Contains("elastic-ca:/ca", ComposeFile.List(certificates, "volumes"));
        Assert.Contains("ca.crt /ca/http_ca.crt", ComposeFile.List(certificates, "command").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("key /ca", ComposeFile.List(certificates, "command").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_silo_has_the_time_to_hand_over() => Assert.All(
        ComposeFile.Load("cluster.yml").Silos,
        silo => Assert.True(
            TimeSpan.FromSeconds(Number(((string)silo.Value["stop_grace_period"]).TrimEnd('s'))) > StopTimeout.Value));

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>By the name of the variable, or because a connection string holds a password.</summary>
    private static bool IsSecret(string key, string value) =>
        SecretName().IsMatch(key)
            || value.Contains("Password=", StringComparison.OrdinalIgnoreCase)
            || value.Contains("api-key=", StringComparison.Ordinal);

    [GeneratedRegex(@"\$(\{[^}]*\}|[A-Za-z_]\w*)")]
    private static partial Regex Interpolation();

    [GeneratedRegex(@"\$\{(\w+):\?[^}]+\}")]
    private static partial Regex Demanded();

    [GeneratedRegex("(PASSWORD|APIKEY|TOKEN|SECRET)$", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();
}
