using System.Diagnostics;
using Npgsql;

namespace ClickOrleans.Benchmarks.Storing;

/// <summary>Runs one psql command and measures its elapsed time, including the start of psql.</summary>
internal static class PsqlCopy
{
    public static async Task<TimeSpan> RunAsync(string connectionString, string command)
    {
        var where = new NpgsqlConnectionStringBuilder(connectionString);
        var start = new ProcessStartInfo(
            "psql",
            ["-qX", "-h", where.Host!, "-p", $"{where.Port}", "-U", where.Username!, "-d", where.Database!, "-c", command]);
        var watch = Stopwatch.StartNew();
        using var psql = Process.Start(start)!;
        await psql.WaitForExitAsync();
        return psql.ExitCode == 0
            ? watch.Elapsed
            : throw new InvalidOperationException($"psql {command}: exit code {psql.ExitCode}.");
    }
}
