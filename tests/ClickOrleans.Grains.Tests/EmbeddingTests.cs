using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Verifying;
using ClickOrleans.Sqlite;
using ClickOrleans.Testing.Silos;
using Microsoft.Extensions.DependencyInjection;

namespace ClickOrleans.Grains.Tests;

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

        Assert.True(exitCode == 0, output);
        var (report, totals) = await VerifyAsync(data.Path);
        Assert.Empty(report.Differences);
        Assert.InRange(totals.Stored, Clicks, long.MaxValue);
        Assert.Equal($"{totals.Stored}", Stored().Match(output).Groups[1].Value);
        Assert.Equal(0, totals.DeadLetters);
        Assert.InRange(totals.Folded, Clicks, totals.Stored);
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

    /// <summary>Every record and click is compared, one by one.</summary>
    private static async Task<(VerifyReport Report, StoreTotals Totals)> VerifyAsync(string folder)
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddClickOrleans(clicks => clicks.UseSqliteLog(options => options.Data = folder).UseSqliteStore().UseSqliteIndex())
            .BuildServiceProvider();
        await services.GetRequiredService<Preparation>().RunAsync(CancellationToken.None);
        return (
            await services.GetRequiredService<Verifier>().RunAsync(new VerifyOptions(0), CancellationToken.None),
            await services.GetRequiredService<IClickStore>().GetTotalsAsync(CancellationToken.None));
    }

    private static string Tests([CallerFilePath] string file = "") => Path.GetDirectoryName(Path.GetDirectoryName(file))!;

    [GeneratedRegex("([0-9]+) clicks stored")]
    private static partial Regex Stored();
}
