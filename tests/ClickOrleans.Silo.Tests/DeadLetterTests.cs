using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Silo.Tests;

public sealed class DeadLetterTests(PipelineOnceFixture once) : IClassFixture<PipelineOnceFixture>
{
    private const string Payload =
        """["u1","2026-01-02T03:04:05Z","https://shop.example/late","France","Paris","Firefox","Linux","desktop"]""";

    [Fact]
    public async Task List_shows_id_reason_and_payload()
    {
        using var data = once.Copy();

        var (exitCode, output) = await SiloProcess.CommandAsync(["dead-letters", "list", "--data", data.Path]);

        Assert.Equal(0, exitCode);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(PipelineOnceFixture.DeadLetters, lines.Length);
        Assert.Contains(lines, line =>
            line.Contains("malformed_json", StringComparison.Ordinal) && line.Contains("not json", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("missing_field", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("empty", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Retry_of_what_became_acceptable_stores_it_once_however_often_and_folds_it()
    {
        using var data = once.Copy();
        Database.Execute(
            data.File("store.db"),
            $"update dead_letters set payload = cast('{Payload}' as blob) where reason = 'malformed_json'");

        var first = await SiloProcess.CommandAsync(["dead-letters", "retry", "--all", "--data", data.Path]);
        var second = await SiloProcess.CommandAsync(["dead-letters", "retry", "--all", "--data", data.Path]);

        Assert.Equal((0, "1 stored, 2 unchanged, 0 not there"), (first.ExitCode, first.Output.Trim()));
        Assert.Equal((0, "0 stored, 2 unchanged, 0 not there"), (second.ExitCode, second.Output.Trim()));
        Assert.Equal(
            1L,
            Database.Ask<long>(
                data.File("store.db"), "select count(*) from clickstream_data where url = 'https://shop.example/late'"));

        await using (var silo = await SiloProcess.RunAsync(["--producers", "0", "--data", data.Path]))
        {
            await silo.WaitForStatusAsync(
                status => status.GetProperty("totals") is var totals
                    && totals.GetProperty("folded").GetInt64() == PipelineOnceFixture.Clicks + 1
                    && totals.GetProperty("indexed").GetInt64() == totals.GetProperty("rollups").GetInt64(),
                TimeSpan.FromSeconds(30));
            var found = await silo.Http.GetFromJsonAsync<JsonElement>("/api/clicks/search?q=late");
            Assert.Equal(1, found[0].GetProperty("clicks").GetInt64());
            Assert.Equal(0, await silo.InterruptAsync(TimeSpan.FromSeconds(10)));
        }

        var verified = await SiloProcess.CommandAsync(["verify", "--data", data.Path]);
        Assert.True(verified.ExitCode == 0, verified.Output);
    }

    [Fact]
    public async Task Discard_gives_one_up_and_keeps_its_offset_accounted_for()
    {
        using var data = once.Copy();

        var (exitCode, output) = await SiloProcess.CommandAsync(
            ["dead-letters", "discard", "--reason", "malformed_json", "--data", data.Path]);
        var listed = await SiloProcess.CommandAsync(["dead-letters", "list", "--data", data.Path]);
        var verified = await SiloProcess.CommandAsync(["verify", "--data", data.Path]);

        Assert.Equal((0, "1 discarded, 0 unchanged, 0 not there"), (exitCode, output.Trim()));
        Assert.DoesNotContain("malformed_json", listed.Output, StringComparison.Ordinal);
        Assert.True(verified.ExitCode == 0, verified.Output);
    }

    [Theory]
    [InlineData("retry")]
    [InlineData("discard")]
    public async Task Acting_on_nothing_named_is_refused(string verb)
    {
        using var data = once.Copy();

        var (exitCode, output) = await SiloProcess.CommandAsync(["dead-letters", verb, "--data", data.Path]);

        Assert.Equal(2, exitCode);
        Assert.Contains("--all", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_routes_list_retry_and_discard()
    {
        using var data = once.Copy();
        await using var silo = await SiloProcess.RunAsync(["--producers", "0", "--data", data.Path]);

        var listed = await silo.Http.GetFromJsonAsync<JsonElement>("/api/dead-letters?reason=malformed_json");
        var id = listed[0].GetProperty("id").GetString();
        var retried = await silo.Http.PostAsync($"/api/dead-letters/{id}/retry", null);
        var discarded = await silo.Http.DeleteAsync($"/api/dead-letters/{id}");
        var again = await silo.Http.DeleteAsync($"/api/dead-letters/{id}");
        var unnamed = await silo.Http.DeleteAsync("/api/dead-letters");

        Assert.Equal("not json", listed[0].GetProperty("payload").GetString());
        Assert.Equal(1, (await retried.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("unchanged").GetInt64());
        Assert.Equal(HttpStatusCode.OK, discarded.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, unnamed.StatusCode);
    }
}
