using System.Diagnostics;
using System.Net.Sockets;
using ClickOrleans.Elasticsearch.Tests.Faults;

namespace ClickOrleans.Elasticsearch.Tests.Tls;

/// <summary>nginx as a TLS proxy with a password in front of Elasticsearch, on one port for each certificate.</summary>
internal sealed class NginxServer : IAsyncDisposable
{
    public const string User = "clicks";
    public const string Password = "s3cret-Pa55";
    private const string Program = "/usr/sbin/nginx";

    private readonly Process _process;
    private readonly string _folder;

    private NginxServer(Process process, string folder) => (_process, _folder) = (process, folder);

    /// <summary>A valid certificate for localhost.</summary>
    public int Port { get; private init; }

    /// <summary>A certificate for es.example.</summary>
    public int OtherHostPort { get; private init; }

    /// <summary>A certificate for localhost that expired yesterday.</summary>
    public int ExpiredPort { get; private init; }

    /// <summary>The valid certificate; making an index is forbidden, as security would answer.</summary>
    public int ForbiddenPort { get; private init; }

    public static async Task<NginxServer> StartAsync(Certificates certificates, string elasticsearch)
    {
        if (!File.Exists(Program))
        {
            const string Reason = $"No TLS proxy here: {Program} is not installed.";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", Reason);
            Assert.Fail(Reason);
        }

        var folder = Directory.CreateTempSubdirectory("clickorleans-nginx-").FullName;
        var ports = Enumerable.Range(0, 4).Select(_ => LoopbackServer.FreePort()).ToArray();
        await WriteAsync("good", certificates.Issue("localhost", 20));
        await WriteAsync("other", certificates.Issue("es.example", 20));
        await WriteAsync("expired", certificates.Issue("localhost", -1));
        await File.WriteAllTextAsync(Path.Combine(folder, "passwords"), $"{User}:{{PLAIN}}{Password}\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "nginx.conf"), Configuration(folder, elasticsearch, ports));
        var process = Process.Start(
            new ProcessStartInfo(Program, ["-p", folder, "-c", "nginx.conf", "-e", "error.log"]) { UseShellExecute = false })!;
        var server = new NginxServer(process, folder)
        {
            Port = ports[0],
            OtherHostPort = ports[1],
            ExpiredPort = ports[2],
            ForbiddenPort = ports[3],
        };
        await server.WaitAsync();
        return server;

        async Task WriteAsync(string name, (string Certificate, string Key) pair)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.crt"), pair.Certificate);
            await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.key"), pair.Key);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task WaitAsync()
    {
        while (true)
        {
            Assert.False(_process.HasExited, "nginx did not start");
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync("127.0.0.1", ForbiddenPort);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(20);
            }
        }
    }

    // One process and no daemon, so that it ends with a kill of what was started. The paths that nginx was built with are not
    // to be written to.
    private static string Configuration(string folder, string elasticsearch, int[] ports) => $$"""
        daemon off;
        master_process off;
        pid {{folder}}/pid;
        events { }
        http {
          access_log off;
          default_type application/json;
          client_body_temp_path {{folder}}/body;
          proxy_temp_path {{folder}}/proxy;
          fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi;
          scgi_temp_path {{folder}}/scgi;
          client_max_body_size 50m;
          auth_basic "Elasticsearch";
          auth_basic_user_file {{folder}}/passwords;
          {{Server(folder, "good", ports[0], Pass(elasticsearch))}}
          {{Server(folder, "other", ports[1], Pass(elasticsearch))}}
          {{Server(folder, "expired", ports[2], Pass(elasticsearch))}}
          {{Server(folder, "good", ports[3], Forbid(elasticsearch))}}
        }
        """;

    private const string Forbidden =
        """{"error":{"type":"security_exception","reason":"action [indices:admin/create] """
            + """is unauthorized for user [clicks]"},"status":403}""";

    private static string Server(string folder, string certificate, int port, string location) => $$"""
        server {
            listen 127.0.0.1:{{port}} ssl;
            ssl_certificate {{folder}}/{{certificate}}.crt;
            ssl_certificate_key {{folder}}/{{certificate}}.key;
            location / { {{location}} }
          }
        """;

    private static string Forbid(string elasticsearch) =>
        $"if ($request_method = PUT) {{ return 403 '{Forbidden}'; }} {Pass(elasticsearch)}";

    private static string Pass(string elasticsearch) =>
        $"proxy_pass {elasticsearch}; proxy_http_version 1.1; proxy_set_header Authorization '';";
}
