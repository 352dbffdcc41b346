using System.Diagnostics;
using Xunit;

namespace ClickOrleans.Testing.Servers;

/// <summary>
/// A real server for tests: started, stopped and killed through the program that the environment variable
/// <c>CLICKORLEANS_SERVERS</c> names, in a folder of its own. A start after a stop or a kill keeps data and port.
/// </summary>
public sealed class TestServer : IAsyncDisposable
{
    public const string Variable = "CLICKORLEANS_SERVERS";

    private readonly string _name;
    private readonly string _folder;
    private readonly string[] _settings;

    private TestServer(string name, string folder, string[] settings)
    {
        _name = name;
        _folder = folder;
        _settings = settings;
    }

    /// <summary>What the server printed at its start: <c>127.0.0.1:port</c>, a URL, or a connection string.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Its files, among them <c>log</c> and <c>pid</c>.</summary>
    public string Folder => _folder;

    public static Task<TestServer> KafkaAsync(params string[] settings) => StartNewAsync("kafka", settings);

    public static Task<TestServer> PostgresAsync(params string[] settings) => StartNewAsync("postgres", settings);

    public static Task<TestServer> ElasticsearchAsync(params string[] settings) => StartNewAsync("elasticsearch", settings);

    public static Task<TestServer> OtlpAsync(params string[] settings) => StartNewAsync("otlp", settings);

    /// <summary>Starts it again after a stop or a kill.</summary>
    public async Task StartAsync() => Address = (await RunAsync("start", _settings)).Trim().Split('\n')[^1];

    /// <summary>Starts it again with other settings.</summary>
    public async Task StartAsync(params string[] settings) => Address = (await RunAsync("start", settings)).Trim().Split('\n')[^1];

    public Task StopAsync() => RunAsync("stop");

    /// <summary>SIGKILL, as a crash would.</summary>
    public Task KillAsync() => RunAsync("kill");

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<TestServer> StartNewAsync(string name, string[] settings)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)))
        {
            const string Reason = $"No real servers here: {Variable} names no program that starts them.";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", Reason);
            Assert.Fail(Reason);
        }

        var folder = Directory.CreateTempSubdirectory($"clickorleans-{name}-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            // The servers may run as users of their own.
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }

        var server = new TestServer(name, folder, settings);
        await server.StartAsync();
        return server;
    }

    private async Task<string> RunAsync(string verb, params string[] settings)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable(Variable)!, [verb, _name, _folder, .. settings])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{_name} did not {verb}: {await error}");
    }
}
