using System.Text;
using System.Text.Json;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Silo.Tests;

public sealed class ProduceTests
{
    [Fact]
    public async Task Each_line_of_a_file_is_one_message_as_it_is()
    {
        using var data = new TemporaryFolder();
        var file = data.File("lines.txt");
        byte[] bytes = [.. "first\n\n"u8, 0xff, 0xfe, (byte)'\r', (byte)'\n', .. "last"u8];
        await File.WriteAllBytesAsync(file, bytes);

        var (exitCode, output) = await SiloProcess.CommandAsync(["produce", "--file", file, "--data", data.Path]);

        Assert.True(exitCode == 0, output);
        Assert.Contains("4 messages appended", output, StringComparison.Ordinal);
        Assert.Contains("; 4 of them are no clicks and will be dead letters", output, StringComparison.Ordinal);
        Assert.Equal("|6669727374|6C617374|FFFE0D", Values(data));
    }

    [Fact]
    public async Task Standard_input_is_read_where_the_file_is_a_dash()
    {
        using var data = new TemporaryFolder();

        var (exitCode, output) = await SiloProcess.CommandAsync(["produce", "--file", "-", "--data", data.Path], input: "a\nb\n");

        Assert.True(exitCode == 0, output);
        Assert.Equal("61|62", Values(data));
    }

    [Fact]
    public async Task A_count_of_clicks_is_appended_beside_a_running_silo()
    {
        using var data = new TemporaryFolder();
        await using var silo = await SiloProcess.RunAsync(["--producers", "0", "--data", data.Path]);

        var (exitCode, output) = await SiloProcess.CommandAsync(["produce", "--count", "12345", "--data", data.Path]);

        Assert.True(exitCode == 0, output);
        await silo.WaitForStatusAsync(
            status => status.GetProperty("totals").GetProperty("stored").GetInt64() == 12_345, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_file_with_event_ids_that_is_produced_twice_doubles_nothing()
    {
        const int Clicks = 1_000;
        using var data = new TemporaryFolder();
        var file = data.File("clicks.json");
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, Clicks).Select(number => JsonSerializer.Serialize(new
        {
            event_id = Guid.NewGuid(),
            user_id = $"u{number % 50}",
            timestamp = "2026-01-02T03:04:05Z",
            url = "/",
            country = "NL",
            city = "Utrecht",
            browser = "Firefox",
            os = "Linux",
            device = "desktop",
        })));
        await using var silo = await SiloProcess.RunAsync(["--producers", "0", "--data", data.Path]);

        for (var time = 0; time < 2; time++)
        {
            var (exitCode, output) = await SiloProcess.CommandAsync(["produce", "--file", file, "--data", data.Path]);
            Assert.True(exitCode == 0, output);
        }

        await silo.WaitForStatusAsync(
            status => status.GetProperty("totals").GetProperty("stored").GetInt64() == Clicks
                && status.GetProperty("totals").GetProperty("duplicates").GetInt64() == Clicks,
            TimeSpan.FromSeconds(20));
        Assert.Equal(0, await silo.InterruptAsync(TimeSpan.FromSeconds(10)));
        var verified = await SiloProcess.CommandAsync(["verify", "--data", data.Path]);
        Assert.True(verified.ExitCode == 0, verified.Output);
        Assert.Contains($"{Clicks:N0} duplicates", verified.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("produce")]
    [InlineData("produce --count 1 --file x")]
    [InlineData("produce --count -1")]
    [InlineData("produce --file /nowhere/at/all")]
    public async Task What_cannot_be_done_is_said_in_a_line(string command)
    {
        using var data = new TemporaryFolder();

        var (exitCode, output) = await SiloProcess.CommandAsync([.. command.Split(' '), "--data", data.Path]);

        Assert.Equal(2, exitCode);
        Assert.Single(
            Encoding.UTF8.GetBytes(output.TrimEnd()).AsSpan().ToArray().Where(letter => letter == '\n').Prepend((byte)'\n'));
    }

    private static string Values(TemporaryFolder data) =>
        Database.Ask<string>(
            data.File("log.db"), "select group_concat(hex(value), '|') from (select value from messages order by hex(value))");
}
