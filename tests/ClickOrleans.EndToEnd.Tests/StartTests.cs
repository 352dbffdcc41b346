using ClickOrleans.Testing.Pipelines;
using ClickOrleans.Testing.Silos;
using Npgsql;

namespace ClickOrleans.EndToEnd.Tests;

/// <summary>A failed start exits with code 2 and one line that names the cause, without a stack trace or a secret.</summary>
public sealed class StartTests(SharedServers servers, ITestOutputHelper output)
{
    private const string Secret = "hush-4711-hush";

    [Fact]
    public async Task Unreachable_Kafka()
    {
        await using var pipeline = await servers.NewPipelineAsync();
        var port = SiloProcess.FreePort();

        var line = await FailAsync(pipeline
            .With("ConnectionStrings:kafka", $"127.0.0.1:{port}")
            .With("ClickOrleans:Kafka:Client:sasl.password", Secret));

        Assert.Contains($"127.0.0.1:{port}", line, StringComparison.Ordinal);
        Assert.Contains("Kafka", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unreachable_PostgreSQL()
    {
        await using var pipeline = await servers.NewPipelineAsync();
        var port = SiloProcess.FreePort();

        var line = await FailAsync(pipeline.With(
            "ConnectionStrings:clickstream", $"Host=127.0.0.1;Port={port};Username=clicks;Password={Secret};Database=clicks"));

        Assert.Contains($"PostgreSQL 127.0.0.1:{port}/clicks", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_database()
    {
        await using var pipeline = await servers.NewPipelineAsync();
        var connection = new NpgsqlConnectionStringBuilder(pipeline.Connection) { Database = "nowhere", Password = Secret };

        var line = await FailAsync(pipeline.With("ConnectionStrings:clickstream", connection.ConnectionString));

        Assert.Contains("database \"nowhere\" does not exist", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_password()
    {
        await using var pipeline = await servers.NewPipelineAsync();
        var guest = $"guest_{Guid.NewGuid():N}";
        await pipeline.Database.ExecuteAsync(
            $"create role {guest} login password 'right'",
            // Inserted before all other rules of the server's own file.
            "create temporary table rules as "
            + "select * from regexp_split_to_table(pg_read_file(current_setting('hba_file')), '\n') with ordinality",
            $"insert into rules values ('host all {guest} all scram-sha-256', 0)",
            "do $$ begin execute format("
            + "'copy (select regexp_split_to_table from rules order by ordinality) to %L', current_setting('hba_file')); end $$",
            "select pg_reload_conf()");
        var connection = new NpgsqlConnectionStringBuilder(pipeline.Connection) { Username = guest, Password = Secret };

        var line = await FailAsync(pipeline.With("ConnectionStrings:clickstream", connection.ConnectionString));

        Assert.Contains($"password authentication failed for user \"{guest}\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_property_of_the_Kafka_client()
    {
        await using var pipeline = await servers.NewPipelineAsync();

        var line = await FailAsync(pipeline.With("ClickOrleans:Kafka:Client:xyz", Secret));

        Assert.StartsWith("ClickOrleans:Kafka:Client:xyz ", line, StringComparison.Ordinal);
        Assert.Contains("No such configuration property: \"xyz\"", line, StringComparison.Ordinal);
    }

    /// <returns>The last line, which names the cause.</returns>
    private async Task<string> FailAsync(ServerPipeline pipeline)
    {
        var (exitCode, text) = await pipeline.With("ClickOrleans:StartTimeout", "00:00:02")
            .CommandAsync("run", "--producers", "0", "--port", $"{SiloProcess.FreePort()}");
        output.WriteLine(text);
        Assert.Equal(2, exitCode);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1];
    }
}
