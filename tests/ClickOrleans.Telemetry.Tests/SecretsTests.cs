using System.Net;
using System.Net.Http.Json;
using System.Text;
using ClickOrleans.Testing;
using ClickOrleans.Testing.Pipelines;
using ClickOrleans.Testing.Silos;
using Npgsql;

namespace ClickOrleans.Telemetry.Tests;

/// <summary>
/// Passwords and keys never appear in output, telemetry or HTTP responses, neither in normal operation nor on failures.
/// </summary>
public sealed class SecretsTests(SharedServers servers)
{
    private static readonly string[] Paths =
    [
        "/api/status", "/api/clicks/search?q=a", "/api/dead-letters", "/api/nowhere", "/health/ready", "/health/live",
        "/health", "/",
    ];

    private readonly string _postgres = NewSecret();
    private readonly string _elasticsearch = NewSecret();
    private readonly string _kafka = NewSecret();
    private readonly string _apiKey = NewSecret();

    /// <summary>Including the encoding of HTTP basic authentication.</summary>
    private IEnumerable<string> Secrets =>
        [_postgres, _elasticsearch, _kafka, _apiKey, Convert.ToBase64String(Encoding.UTF8.GetBytes($"elastic:{_elasticsearch}"))];

    [Fact]
    public async Task A_running_silo_reveals_no_secret_in_logs_traces_metrics_status_and_error_pages()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var pipeline = await servers.NewPipelineAsync(receiver);
        Configure(pipeline);

        // Clustered, because Orleans then opens its own connections.
        pipeline
            .With("Orleans:Clustering:ProviderType", "AdoNet")
            .With("Orleans:Endpoints:AdvertisedIPAddress", "127.0.0.1")
            .With("Orleans:Endpoints:SiloPort", $"{SiloProcess.FreePort()}");
        await using var silo = await pipeline.RunAsync("--producers", "1");
        var texts = new StringBuilder();
        await CollectAsync(silo, texts);
        await CollectRefusalAsync(silo, texts);
        silo.Http.DefaultRequestHeaders.Add("X-Api-Key", _apiKey);
        await silo.WaitForStoredAsync(100);
        using (await silo.Http.PostAsync("/api/aggregation/run", null))
        {
            await CollectAsync(silo, texts);
        }

        // The store returns errors.
        await pipeline.Database.ExecuteAsync("alter table click_rollups rename to click_rollups_away");
        using (var failed = await silo.Http.PostAsync("/api/aggregation/run", null))
        {
            texts.AppendLine(await failed.Content.ReadAsStringAsync());
        }

        await CollectAsync(silo, texts);
        await CollectRefusalAsync(silo, texts);
        await receiver.WaitForSpansAsync(spans => spans.Any(span => span is { Name: "fold", Status: "error" }));
        Assert.Equal(0, await silo.InterruptAsync(TimeSpan.FromSeconds(30)));

        Assert.Contains("\"totals\"", texts.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"status\":401", texts.ToString().Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.NotEmpty(receiver.Logs);
        Assert.NotEmpty(receiver.Metrics);
        AssertNoSecret(texts.ToString(), silo.Output, receiver.Everything);
    }

    [Fact]
    public async Task Unreachable_servers_and_rejected_passwords_reveal_no_secret()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var pipeline = await servers.NewPipelineAsync(receiver);
        Configure(pipeline);
        await using var silo = await pipeline.RunAsync("--producers", "1");
        silo.Http.DefaultRequestHeaders.Add("X-Api-Key", _apiKey);
        await silo.WaitForStoredAsync(1);
        var texts = new StringBuilder();

        // PostgreSQL now requires a password, and the configured one is wrong.
        await RequirePasswordAsync(pipeline.Database, "guarded");
        var closed = new NpgsqlConnectionStringBuilder(pipeline.Connection) { Username = "guarded", Password = _postgres };
        pipeline.With("ConnectionStrings:clickstream", closed.ConnectionString).With("ClickOrleans:StartTimeout", "00:00:01");
        texts.AppendLine((await pipeline.CommandAsync("verify")).Output);
        texts.AppendLine((await pipeline.CommandAsync("run", "--port", $"{SiloProcess.FreePort()}")).Output);
        Assert.Contains("password authentication failed for user \"guarded\"", texts.ToString(), StringComparison.Ordinal);

        // The port is closed.
        var port = SiloProcess.FreePort();
        closed.Port = port;
        pipeline
            .With("ConnectionStrings:clickstream", closed.ConnectionString)
            .With("ConnectionStrings:elasticsearch", $"http://elastic:{_elasticsearch}@127.0.0.1:{port}");
        texts.AppendLine((await pipeline.CommandAsync("run", "--port", $"{SiloProcess.FreePort()}")).Output);
        texts.AppendLine((await pipeline.CommandAsync("index", "rebuild")).Output);
        Assert.Contains($"{port}", texts.ToString(), StringComparison.Ordinal);

        // A running silo during an outage of the store.
        await pipeline.Postgres.FreezeAsync();
        try
        {
            await silo.WaitForStatusAsync(status => status.GetProperty("errors").GetArrayLength() > 0, Poll.DefaultTimeout);
            await CollectAsync(silo, texts);
        }
        finally
        {
            await pipeline.Postgres.ThawAsync();
        }

        await silo.KillAsync();
        AssertNoSecret(texts.ToString(), silo.Output, receiver.Everything);
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
    public async Task The_error_for_an_invalid_setting_does_not_reveal_its_secret(string key, string value)
    {
        using var data = new TemporaryFolder();
        var secret = NewSecret();
        var environment = new Dictionary<string, string>
        {
            [key.Replace(":", "__", StringComparison.Ordinal)] = value
                .Replace("{0}", secret, StringComparison.Ordinal)
                .Replace("\0", "", StringComparison.Ordinal),
            ["ClickOrleans__ApiKey"] = secret,
            ["ClickOrleans__StartTimeout"] = "00:00:01",
        };

        var (_, output) = await SiloProcess.CommandAsync(
            ["run", "--for", "1", "--data", data.Path, "--port", $"{SiloProcess.FreePort()}"], environment);

        Assert.NotEmpty(output);
        Assert.DoesNotContain(secret, output, StringComparison.Ordinal);
    }

    /// <summary>Creates a role with a password that is not configured anywhere.</summary>
    private static async Task RequirePasswordAsync(DatabaseControl database, string role)
    {
        var file = await database.QueryScalarAsync<string>("show hba_file");
        await database.ExecuteAsync(
            $"create role {role} login password 'another'",
            $"copy (values ('host all {role} all scram-sha-256'), ('host all all all trust'), ('local all all trust')) "
            + $"to '{file}'",
            "select pg_reload_conf()");
    }

    private static string NewSecret() => $"secret{Guid.NewGuid():N}";

    private static async Task CollectAsync(SiloProcess silo, StringBuilder texts)
    {
        foreach (var path in Paths)
        {
            using var response = await silo.Http.GetAsync(path);
            texts.AppendLine(response.ToString()).AppendLine(await response.Content.ReadAsStringAsync());
        }
    }

    private static async Task CollectRefusalAsync(SiloProcess silo, StringBuilder texts)
    {
        using var refused = await silo.Http.PutAsJsonAsync("/api/producers", new { count = "many" });
        texts.AppendLine(await refused.Content.ReadAsStringAsync());
        Assert.Contains(refused.StatusCode, new[] { HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized });
    }

    /// <summary>Servers without authentication accept any password.</summary>
    private void Configure(ServerPipeline pipeline)
    {
        var url = new UriBuilder(servers.ElasticsearchAsync().Result.Address) { UserName = "elastic", Password = _elasticsearch };
        var database = new NpgsqlConnectionStringBuilder(pipeline.Connection) { Password = _postgres };
        pipeline
            .With("ConnectionStrings:clickstream", database.ConnectionString)
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
                var context = at < 0 ? "" : text[Math.Max(0, at - 300)..Math.Min(text.Length, at + 100)];
                Assert.True(at < 0, $"A secret is revealed: {context}");
            });
        }
    }
}
