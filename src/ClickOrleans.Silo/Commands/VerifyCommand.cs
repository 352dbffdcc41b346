using System.CommandLine;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Control;
using ClickOrleans.Pipeline.Verifying;
using ClickOrleans.Silo.Hosting;

namespace ClickOrleans.Silo.Commands;

/// <summary><c>verify</c>: proves that nothing was lost and nothing doubled, or names every difference.</summary>
internal sealed class VerifyCommand : Command
{
    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<long> _sample = new("--sample")
    {
        Description = "Compare so many records and clicks one by one, evenly spread, others each time; 0 = all of them. " +
            "Missing clicks are always found, and altered ones by a digest kept with their commit. Found only where the sample " +
            "falls on them: altered dead letters, altered clicks of retried dead letters or of a version without digests, " +
            "and what was stored wrongly from the beginning.",
        DefaultValueFactory = _ => new VerifyOptions().Sample,
        HelpName = "N",
    };

    public VerifyCommand()
        : base("verify", "Compare log, store, rollups and index. Exit 0: all agree. Exit 1: every difference is named.")
    {
        Options.Add(_data);
        Options.Add(_sample);
        SetAction((parsed, _) => CommandLine.GuardAsync(token =>
            RunAsync(parsed.GetValue(_data), parsed.GetValue(_sample), token)));
    }

    /// <summary>What was not looked at can be wrong.</summary>
    private static string Share(VerifyReport report) => report.ComparedShare < 1
        ? $" (sampled: {report.ComparedShare:P1} of the records compared; --sample 0 compares all)"
        : "";

    private static Task<int> RunAsync(string? data, long sample, CancellationToken cancellationToken)
    {
        if (sample < 0)
        {
            throw new StartupException(ValidationError.NotAllowed("--sample", sample, "0 (everything) and up").Message);
        }

        return ToolHost.RunAsync(data, services => VerifyAsync(services, sample, cancellationToken));
    }

    private static async Task<int> VerifyAsync(IServiceProvider services, long sample, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<Preparation>().RunAsync(cancellationToken);
        var options = new VerifyOptions(sample) { Phase = Random.Shared.NextDouble() };
        var report = await services.GetRequiredService<Verifier>().RunAsync(options, cancellationToken);
        foreach (var compared in report.Compared)
        {
            Console.WriteLine($"compared  {compared}");
        }

        foreach (var note in report.Notes)
        {
            Console.WriteLine($"note      {note}");
        }

        foreach (var difference in report.Differences)
        {
            Console.WriteLine($"DIFFERS   {difference}");
        }

        Console.WriteLine(report.IsClean
            ? $"verified  nothing lost, nothing doubled{Share(report)}"
            : $"FAILED    {report.Differences.Count} differences");
        return report.IsClean ? CommandLine.Done : CommandLine.Differences;
    }
}
