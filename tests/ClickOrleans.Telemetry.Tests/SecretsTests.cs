using System.Net;
using System.Net.Http.Json;
using System.Text;
using ClickOrleans.Testing.Pipelines;
using ClickOrleans.Testing.Silos;
using Npgsql;

namespace ClickOrleans.Telemetry.Tests;

/// <summary>No password and no key is ever written anywhere: not while all is well, and not in what is said about a failure.</summary>
public sealed class SecretsTests(SharedServers servers)
{
    private readonly string _postgres = NewSecret();
    private readonly string _elasticsearch = NewSecret();
    private readonly string _kafka = NewSecret();
    private readonly string _apiKey = NewSecret();

    /// <summary>Also as HTTP's basic authentication writes them.</summary>
    private IEnumerable<string> Secrets =>
        [_postgres, _elasticsearch, _kafka, _apiKey, Convert.ToBase64String(Encoding.UTF8.GetBytes($"elastic:{_elasticsearch}"))];

    [Fact]
    public async Task A_running_silo_tells_no_secret_in_logs_traces_metrics_status_and_error_pages()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var pipeline = await servers.NewPipelineAsync(receiver);
        Configure(pipeline);

        // One of a cluster: Orleans has connections of its own.
        pipeline
            .With("Orleans:Clustering:ProviderType", "AdoNet")
            .With("Orleans:Endpoints:AdvertisedIPAddress", "127.0.0.1")
            .With("Orleans:Endpoints:SiloPort", $"{SiloProcess.FreePort()}");
        await using var silo = await pipeline.RunAsync("--producers", "1");
        var said = new StringBuilder();
        await CollectAsync(silo, said);
        await CollectRefusalAsync(silo, said);
        silo.Http.DefaultRequestHeaders.Add("X-Api-Key", _apiKey);
        await silo.WaitForStoredAsync(100);
        using (await silo.Http.PostAsync("/api/aggregation/run", null))
        {
            await CollectAsync(silo, said);
        }

        // The store fails, loudly.
        await pipeline.Database.ExecuteAsync("alter table click_rollups rename to click_rollups_away");
        using (var failed = await silo.Http.PostAsync("/api/aggregation/run", null))
        {
            said.AppendLine(await failed.Content.ReadAsStringAsync());
        }

        await CollectAsync(silo, said);
        await CollectRefusalAsync(silo, said);
        await receiver.WaitForSpansAsync(spans => spans.Any(span => span is { Name: "fold", Status: "error" }));
        Assert.Equal(0, await silo.InterruptAsync(TimeSpan.FromSeconds(30)));

        Assert.Contains("\"totals\"", said.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"status\":401", said.ToString().Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.NotEmpty(receiver.Logs);
        Assert.NotEmpty(receiver.Metrics);
        AssertNoSecret(said.ToString(), silo.Output, receiver.Everything);
    }

    [Fact]
    public async Task Servers_that_are_out_of_reach_or_refuse_the_password_make_nobody_tell_it()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var pipeline = await servers.NewPipelineAsync(receiver);
        Configure(pipeline);
        await using var silo = await pipeline.RunAsync("--producers", "1");
        silo.Http.DefaultRequestHeaders.Add("X-Api-Key", _apiKey);
        await silo.WaitForStoredAsync(1);
        var said = new StringBuilder();

        // From now on PostgreSQL asks for a password, and ours is wrong.
        await AskForPasswordOfAsync(pipeline.Database, "guarded");
        var closed = new NpgsqlConnectionStringBuilder(pipeline.Connection) { Username = "guarded", Password = _postgres };
        pipeline.With("ConnectionStrings:clickstream", closed.ConnectionString).With("ClickOrleans:StartTimeout", "00:00:01");
        said.AppendLine((await pipeline.CommandAsync("verify")).Output);
        said.AppendLine((await pipeline.CommandAsync("run", "--port", $"{SiloProcess.FreePort()}")).Output);
        Assert.Contains("password authentication failed for user \"guarded\"", said.ToString(), StringComparison.Ordinal);

        // And nobody answers at all.
        var port = SiloProcess.FreePort();
        closed.Port = port;
        pipeline
            .With("ConnectionStrings:clickstream", closed.ConnectionString)
            .With("ConnectionStrings:elasticsearch", $"http://elastic:{_elasticsearch}@127.0.0.1:{port}");
        said.AppendLine((await pipeline.CommandAsync("run", "--port", $"{SiloProcess.FreePort()}")).Output);
        said.AppendLine((await pipeline.CommandAsync("index", "rebuild")).Output);
        Assert.Contains($"{port}", said.ToString(), StringComparison.Ordinal);

        // A silo that runs while its store and its index are away.
        await pipeline.Postgres.FreezeAsync();
        try
        {
            await silo.WaitForStatusAsync(status => status.GetProperty("errors").GetArrayLength() > 0, PipelineTestExtensions.Timeout);
            await CollectAsync(silo, said);
        }
        finally
        {
            await pipeline.Postgres.ThawAsync();
        }

        await silo.KillAsync();
        AssertNoSecret(said.ToString(), silo.Output, receiver.Everything);
    }

    [Theory]
    [InlineData("ConnectionStrings:clickstream", "Host=127.0.0.1;Password={0};Nonsense=1")]
    [InlineData("ConnectionStrings:clickstream", "Host=127.0.0.1;Port=many;Password={0}")]
    [InlineData("ConnectionStrings:clickstream", "Host=127.0.0.1;Password={0}';x")]
    [InlineData("ConnectionStrings:elasticsearch", "nonsense://elastic:{0}@host")]
    [InlineData("ConnectionStrings:elasticsearch", "Endpoint=nonsense;Password={0}")]
    [InlineData("ConnectionStrings:elasticsearch", "Password={0};x")]
    [InlineData("ClickOrleans:Kafka:Client:sasl.password.wrong", "{0}")]
    [InlineData("ClickOrleans:Kafka:Client:ssl.key.password", "{0}\0")]
    [InlineData("ClickOrleans:ApiKye", "{0}")]
    [InlineData("ClickOrleans:Elasticsearch:ApiKye", "{0}")]
    public async Task What_is_said_about_a_faulty_setting_does_not_tell_its_secret(string key, string value)
    {
        using var data = new TemporaryFolder();
        var secret = NewSecret();
        var environment = new Dictionary<string, string>
        {
            [key.Replace(":", "__", StringComparison.Ordinal)] = value.Replace("{0}", secret, StringComparison.Ordinal).Replace("\0", "", StringComparison.Ordinal),
            ["ClickOrleans__ApiKey"] = secret,
            ["ClickOrleans__StartTimeout"] = "00:00:01",
        };

        var (_, output) = await SiloProcess.CommandAsync(["run", "--for", "1", "--data", data.Path, "--port", $"{SiloProcess.FreePort()}"], environment);

        Assert.NotEmpty(output);
        Assert.DoesNotContain(secret, output, StringComparison.Ordinal);
    }

    /// <summary>Makes a role whose password is another than anybody here knows.</summary>
    private static async Task AskForPasswordOfAsync(DatabaseControl database, string role)
    {
        var file = await database.AskAsync<string>("show hba_file");
        await database.ExecuteAsync(
            $"create role {role} login password 'another'",
            $"copy (values ('host all {role} all scram-sha-256'), ('host all all all trust'), ('local all all trust')) to '{file}'",
            "select pg_reload_conf()");
    }

    private static string NewSecret() => $"secret{Guid.NewGuid():N}";

    private static async Task CollectAsync(SiloProcess silo, StringBuilder said)
    {
        foreach (var path in new[] { "/api/status", "/api/clicks/search?q=a", "/api/dead-letters", "/api/nowhere", "/health/ready", "/health/live", "/health", "/" })
        {
            using var answer = await silo.Http.GetAsync(path);
            said.AppendLine(answer.ToString()).AppendLine(await answer.Content.ReadAsStringAsync());
        }
    }

    private static async Task CollectRefusalAsync(SiloProcess silo, StringBuilder said)
    {
        using var refused = await silo.Http.PutAsJsonAsync("/api/producers", new { count = "many" });
        said.AppendLine(await refused.Content.ReadAsStringAsync());
        Assert.Contains(refused.StatusCode, new[] { HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized });
    }

    /// <summary>Servers that ask for no password take any.</summary>
    private void Configure(ServerPipeline pipeline)
    {
        var url = new UriBuilder(servers.ElasticsearchAsync().Result.Address) { UserName = "elastic", Password = _elasticsearch };
        pipeline
            .With("ConnectionStrings:clickstream", new NpgsqlConnectionStringBuilder(pipeline.Connection) { Password = _postgres }.ConnectionString)
            .With("ConnectionStrings:elasticsearch", url.Uri.ToString())
            .With("ClickOrleans:Kafka:Client:sasl.password", _kafka)
            .With("ClickOrleans:ApiKey", _apiKey)
            .With("Logging:LogLevel:Default", "Debug")
            .With("Logging:LogLevel:ClickOrleans", "Debug");
    }

    private void AssertNoSecret(params string[] texts)
    {
        foreach (var secret in Secrets)
        {
            Assert.All(texts, text =>
            {
                var at = text.IndexOf(secret, StringComparison.Ordinal);
                Assert.True(at < 0, at < 0 ? "" : $"A secret is told: {text[Math.Max(0, at - 300)..Math.Min(text.Length, at + 100)]}");
            });
        }
    }
}
