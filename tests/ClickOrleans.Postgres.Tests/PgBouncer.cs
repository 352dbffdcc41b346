using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ClickOrleans.Testing;
using ClickOrleans.Testing.Silos;
using Npgsql;

namespace ClickOrleans.Postgres.Tests;

/// <summary>
/// pgbouncer in transaction mode in front of a server: each transaction may run on another of its few server connections.
/// </summary>
public sealed class PgBouncer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/pgbouncer";

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = SiloProcess.FreePort();
    private Process? _process;

    /// <summary>The same database through the pooler, which the first call starts.</summary>
    public async Task<string> ThroughAsync(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (_process is null)
        {
            await StartAsync(settings);
        }

        (settings.Host, settings.Port) = ("127.0.0.1", _port);
        return settings.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _folder.Dispose();
    }

    private async Task StartAsync(NpgsqlConnectionStringBuilder server)
    {
        if (!File.Exists(Program))
        {
            const string Reason = $"No pooler here: {Program} is not installed.";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", Reason);
            Assert.Fail(Reason);
        }

        await File.WriteAllTextAsync(_folder.File("pgbouncer.ini"), $"""
            [databases]
            * = host={server.Host} port={server.Port} user={server.Username}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {_port}
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = 4
            """);
        if (!OperatingSystem.IsWindows())
        {
            var mode = File.GetUnixFileMode(_folder.Path) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
            File.SetUnixFileMode(_folder.Path, mode);
        }

        // It refuses to run as root.
        string[] user = Environment.IsPrivilegedProcess ? ["-u", "nobody"] : [];
        _process = Process.Start(
            new ProcessStartInfo(Program, ["-q", .. user, _folder.File("pgbouncer.ini")]) { UseShellExecute = false })!;
        await Poll.UntilAsync(() =>
        {
            Assert.False(_process.HasExited, "pgbouncer did not start");
            return IsListeningAsync();
        });
    }

    private async Task<bool> IsListeningAsync()
    {
        try
        {
            using var probe = new TcpClient();
            await probe.ConnectAsync(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
