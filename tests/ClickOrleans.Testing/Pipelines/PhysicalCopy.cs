using System.Diagnostics;
using ClickOrleans.Testing.Servers;
using Npgsql;
using Xunit;

namespace ClickOrleans.Testing.Pipelines;

/// <summary>
/// A copy of a PostgreSQL server's files, made by its own tools, that takes the server's place: a base backup that is restored,
/// or a standby that is promoted.
/// </summary>
/// <remarks>Not for a container.</remarks>
public sealed class PhysicalCopy(TestServer server, bool isStandby)
{
    private const string Installations = "/usr/lib/postgresql";
    private const string Account = "postgres";

    private readonly string _copy = Path.Combine(server.Folder, "copy");
    private readonly string _data = Path.Combine(server.Folder, "data");

    private NpgsqlConnectionStringBuilder Address => new(server.Address) { Pooling = false };

    /// <summary>Copies the server as it is now. A standby has also run, and has been cut off since.</summary>
    public async Task TakeAsync()
    {
        string[] standby = isStandby ? ["--write-recovery-conf"] : [];
        await RunAsync(
            "pg_basebackup",
            [
                "--pgdata", _copy, "--host", Address.Host!, "--port", $"{Address.Port}", "--username", Address.Username!,
                "--checkpoint=fast", "--wal-method=stream", .. standby,
            ]);
        if (isStandby)
        {
            var port = Silos.SiloProcess.FreePort();

            // A standby takes no fewer connections than its primary.
            var connections = await AskAsync<string>(Address, "show max_connections");
            await RunAsync(
                "pg_ctl", "start", "--wait", "--pgdata", _copy, "--log", Path.Combine(server.Folder, "standby.log"), "--options",
                $"-c port={port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={server.Folder} "
                + $"-c max_connections={connections}");
            await WaitUntilReplayedAsync(port);
            await RunAsync("pg_ctl", "stop", "--pgdata", _copy, "--mode=immediate");
        }
    }

    /// <summary>The server is lost; its address is the copy's.</summary>
    public async Task ReplaceAsync()
    {
        await server.KillAsync();
        Directory.Move(_data, Path.Combine(server.Folder, "lost"));
        Directory.Move(_copy, _data);
        await server.StartAsync();
        if (isStandby)
        {
            await AskAsync<bool>(Address, "select pg_promote()");
        }
    }

    private async Task WaitUntilReplayedAsync(int port)
    {
        var written = await AskAsync<string>(Address, "select pg_current_wal_lsn()::text");
        var standby = new NpgsqlConnectionStringBuilder(server.Address) { Pooling = false, Port = port };
        await Poll.UntilAsync(() => AskAsync<bool>(standby, $"select pg_last_wal_replay_lsn() >= '{written}'"));
    }

    private static async Task<T> AskAsync<T>(NpgsqlConnectionStringBuilder address, string sql)
    {
        await using var source = NpgsqlDataSource.Create(address.ConnectionString);
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static async Task RunAsync(string tool, params string[] arguments)
    {
        // The tools refuse to run as root, as the server does.
        var program = Path.Combine(
            Directory.GetDirectories(Installations).MaxBy(folder => int.Parse(Path.GetFileName(folder)))!, "bin", tool);
        string[] command = Environment.IsPrivilegedProcess
            ? ["runuser", "-u", Account, "--", program, .. arguments]
            : [program, .. arguments];

        // Its output goes nowhere: a server that it starts would keep it open.
        var start = new ProcessStartInfo("sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", .. command]);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)} ended with {process.ExitCode}");
    }
}
