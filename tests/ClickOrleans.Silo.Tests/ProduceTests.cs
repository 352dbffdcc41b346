using System.Text;
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
