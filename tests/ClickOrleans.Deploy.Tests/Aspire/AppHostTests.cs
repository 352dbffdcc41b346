using System.Text.Json;
using System.Text.RegularExpressions;

namespace ClickOrleans.Deploy.Tests.Aspire;

public sealed partial class AppHostTests
{
    [Fact]
    public void Resources_are_named_after_the_silo_s_connection_strings() =>
        Assert.Equal(["clickstream", "elasticsearch", "kafka"], AppHost.References.Order());

    [Fact]
    public void The_silo_is_told_only_what_it_knows()
    {
        var variables = AppHost.Variables.ToDictionary(pair => pair.Name, pair => pair.Value);

        Assert.NotEmpty(variables);
        Assert.Empty(SiloEnvironment.Faults(variables));
    }

    [Fact]
    public void Orleans_is_told_the_provider_that_it_knows() => Assert.Equal(
        new Dictionary<string, string> { ["ProviderType"] = "AdoNet", ["Invariant"] = "Npgsql", ["ConnectionName"] = "clickstream" },
        AppHost.Provider);

    [Fact]
    public void Versions_are_exact()
    {
        var directives = Directive().Matches(AppHost.Text);

        Assert.Equal(5, directives.Count);
        Assert.All(directives, directive => Assert.Matches(@"@\d+\.\d+\.\d+$", directive.Value));
        Assert.All(["KafkaTag", "KafkaUITag", "ElasticsearchTag"], tag => Assert.Matches(@"^v?\d+\.\d+\.\d+$", AppHost.Constant(tag)));
        Assert.Matches(@"^\d+\.\d+$", AppHost.Constant("PostgresTag"));
    }

    [Fact]
    public void Its_servers_are_of_the_versions_that_the_compose_files_run()
    {
        Assert.Contains($"postgres:{AppHost.Constant("PostgresTag")}", Repository.Read("deploy", "postgres.yml"), StringComparison.Ordinal);
        Assert.Contains($"elasticsearch:{AppHost.Constant("ElasticsearchTag")}", Repository.Read("deploy", "elastic.yml"), StringComparison.Ordinal);
    }

    [Fact]
    public void No_secret_stands_in_it()
    {
        Assert.All(Parameter().Matches(AppHost.Text), parameter => Assert.Contains("secret: true", parameter.Value, StringComparison.Ordinal));
        Assert.Equal(3, Parameter().Count(AppHost.Text));
    }

    [Fact]
    public void Both_tools_find_it()
    {
        Assert.Equal("../aspire/apphost.cs", Json(".aspire", "settings.json").GetProperty("appHostPath").GetString());
        Assert.Equal("aspire/apphost.cs", Json("aspire.config.json").GetProperty("appHost").GetProperty("path").GetString());
        Assert.True(File.Exists(Repository.PathOf("aspire", "apphost.cs")));
        Assert.Contains("#:project ../src/ClickOrleans.Silo/ClickOrleans.Silo.csproj", AppHost.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_profiles_say_what_its_dashboard_needs()
    {
        var profiles = Json("aspire", "apphost.run.json").GetProperty("profiles");

        Assert.Equal(["https", "http"], profiles.EnumerateObject().Select(profile => profile.Name));
        foreach (var profile in profiles.EnumerateObject())
        {
            var environment = profile.Value.GetProperty("environmentVariables");
            Assert.StartsWith($"{profile.Name}://localhost:", profile.Value.GetProperty("applicationUrl").GetString(), StringComparison.Ordinal);
            Assert.StartsWith($"{profile.Name}://localhost:", environment.GetProperty("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL").GetString(), StringComparison.Ordinal);
            Assert.StartsWith($"{profile.Name}://localhost:", environment.GetProperty("ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL").GetString(), StringComparison.Ordinal);
            Assert.Equal(profile.Name == "http", environment.TryGetProperty("ASPIRE_ALLOW_UNSECURED_TRANSPORT", out _));
        }
    }

    [Fact]
    public void The_solution_does_without_it()
    {
        Assert.DoesNotContain("aspire", Repository.Read("ClickOrleans.sln"), StringComparison.OrdinalIgnoreCase);
        Assert.Empty(Directory.GetFiles(Repository.PathOf("aspire"), "*.csproj"));
        Assert.Contains("root = true", Repository.Read("aspire", ".editorconfig"), StringComparison.Ordinal);
        Assert.Contains(
            "<ManagePackageVersionsCentrally>false", Repository.Read("aspire", "Directory.Packages.props"), StringComparison.Ordinal);
        Assert.All(
            ["Directory.Build.props", "Directory.Build.targets"],
            file => Assert.DoesNotContain("<Import", Repository.Read("aspire", file), StringComparison.Ordinal));
    }

    private static JsonElement Json(params string[] parts) => JsonDocument.Parse(Repository.Read(parts)).RootElement;

    [GeneratedRegex("^#:(sdk|package) .*$", RegexOptions.Multiline)]
    private static partial Regex Directive();

    [GeneratedRegex(@"AddParameter\(.*")]
    private static partial Regex Parameter();
}
