using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Silo.Tests;

/// <summary>The libraries in a program of one's own, without the silo's executable.</summary>
public sealed partial class EmbeddingTests
{
    private const string Program = "ClickOrleans.Embedding";
    private const int Clicks = 2000;

    [Fact]
    public async Task A_program_of_thirty_lines_stores_every_click_exactly_once()
    {
        using var data = new TemporaryFolder();

        var (exitCode, output) = await SiloProcess.CommandAsync(
            [
                $"--ClickOrleans:Data={data.Path}",
                $"--Clicks={Clicks}",
                $"--SiloPort={SiloProcess.FreePort()}",
                "--Logging:LogLevel:Default=Warning",
            ],
            program: Program);
        var verified = await SiloProcess.CommandAsync(["verify", "--sample", "0", "--data", data.Path]);

        Assert.True(exitCode == 0, output);
        var stored = Stored().Match(output);
        Assert.True(stored.Success && int.Parse(stored.Groups[1].ValueSpan) >= Clicks, output);
        Assert.True(verified.ExitCode == 0, verified.Output);
    }

    [Fact]
    public void It_has_no_more_than_thirty_lines_and_no_web_server()
    {
        var lines = File.ReadAllLines(Path.Combine(Tests(), Program, "Program.cs"));
        var project = File.ReadAllText(Path.Combine(Tests(), Program, $"{Program}.csproj"));

        Assert.InRange(lines.Length, 1, 30);
        Assert.DoesNotContain("ClickOrleans.Silo", project, StringComparison.Ordinal);
        Assert.DoesNotContain("AspNetCore", project, StringComparison.Ordinal);
        Assert.DoesNotContain("Sdk.Web", project, StringComparison.Ordinal);
    }

    private static string Tests([CallerFilePath] string file = "") => Path.GetDirectoryName(Path.GetDirectoryName(file))!;

    [GeneratedRegex("([0-9]+) clicks stored")]
    private static partial Regex Stored();
}
